import { pino } from 'pino';
import { causeOf } from '../../domain/stream/gap.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import { parseScenarioInput } from '../../domain/stream/scenario-input.js';
import { createArrivalOrder } from '../../domain/stream/access-unit.js';
import { type CameraClock, createCameraClock } from '../../streams/camera/camera-clock.js';
import type { AttachOptions } from '../../streams/camera-host.js';
import type { JournalRoom } from '../../streams/journal.js';
import { SessionLog } from '../../streams/session-log.js';
import { createTimeline, type Timeline } from '../../streams/timeline.js';
import { isExpectedEnd, type Observations } from './log-model.js';
import type { VirtualTime } from './virtual-time.js';

export const FPS = 2;
/** Time of the first tick, in ms since 1970. */
export const START = Date.parse('2026-01-11T12:30:00.000Z');

const logger = pino({ level: 'silent' });

/** What a camera has sent: the instants of its frames by the mark in their objects. */
export type SentFrames = Map<string, number>;

export interface AccountedCameraOptions {
  readonly name: string;
  readonly log: LogRef;
  /** Folder of the journals of its host. */
  readonly folder: string;
  readonly room: JournalRoom;
  readonly time: VirtualTime;
  readonly sent: SentFrames;
  readonly all: Observations;
  /** Changes what is appended to the log. */
  readonly append?: (
    append: (stretch: NumberedStretch) => void,
  ) => (stretch: NumberedStretch) => void;
}

/**
 * A process that watches a camera: the clock, timeline, ledger, journal and log of the stream worker,
 * with frames that are known. Its requests run when the scheduler of the test lets them.
 */
export class AccountedCamera {
  private readonly session: SessionLog;
  private timeline: Timeline | undefined;
  private clock: CameraClock | undefined;
  private readonly order = createArrivalOrder();
  private wasLive = false;
  private frames = 0;
  /** Whether it takes the log over. */
  isAttaching = false;
  /** Whether it was killed, was taken over, or has ended. */
  isOver = false;

  constructor(private readonly options: AccountedCameraOptions) {
    const { name, log, folder, room, all } = options;
    this.session = new SessionLog({
      ...{ log, folder, room, logger },
      onMade: () => undefined,
      onTakenOver: () => this.kill(),
    });
    // Followed logs are stored at once, others every ten seconds.
    if (this.options.time.isFollowed(name))
      this.session.commits.follow((entries) => all.add(name, entries));
  }

  get isRunning(): boolean {
    return this.timeline !== undefined && !this.isOver;
  }

  /** Takes the log over under an epoch, and continues it; false if that failed. */
  async attach(epoch: string): Promise<boolean> {
    const { uuid } = this.options.log;
    const scenario = parseScenarioInput({ scenario_uuid: uuid, camera_id: 'accounted' });
    // The fields of a log.
    const attachment = { epoch, startedAt: START, scenario } as AttachOptions;
    this.isAttaching = true;
    try {
      const end = await this.session.takeOver(attachment);
      if (this.isOver) return false;
      const cause = this.session.continueFrom(end, attachment);
      this.clock ??= createCameraClock(end.accountedTo, this.options.time.clocks);
      if (cause) this.timeline = this.createTimeline(cause);
      void this.session.removeOld(epoch);
      return true;
    } catch (error) {
      if (isExpectedEnd(error) || this.options.time.isAway) return false;
      throw error;
    } finally {
      this.isAttaching = false;
    }
  }

  private createTimeline(cause: ReturnType<typeof causeOf>): Timeline {
    const { append = (work) => work } = this.options;
    const onStretch = append(this.session.append);
    return createTimeline({ ledger: this.session.ledger!, cause, onStretch });
  }

  /** Adds what happened since the last tick: a frame, if the camera sends any. */
  tick(isLive: boolean): void {
    const { timeline, clock } = this;
    if (!timeline || !clock || this.isOver) return;
    const step = clock.tick();
    if (step) {
      const { fromMs, toMs, reason } = step;
      const before = causeOf(this.wasLive ? 'overload' : 'camera_closed');
      timeline.explain([
        { to: fromMs, cause: before },
        { to: toMs, cause: causeOf(reason) },
      ]);
    }
    const now = clock.now();
    if (isLive !== this.wasLive) {
      timeline.change(isLive ? now : 0, causeOf(isLive ? 'overload' : 'camera_closed'));
    }
    this.wasLive = isLive;
    if (isLive) this.addFrame(timeline, now);
    else timeline.advance(now, 10_000);
  }

  private addFrame(timeline: Timeline, now: number): void {
    const mark = `${this.options.name}/${++this.frames}`;
    const arrival = this.order(now);
    this.options.sent.set(mark, arrival);
    const detections = [{ class: mark, confidence: 1, bbox: [0, 0, 1, 1] as const }];
    timeline.addFrame({ arrival, fps: FPS, losses: [] }, { detections });
  }

  /** Ends it as SIGKILL does: what is not stored is in the journal of its host. */
  kill(): void {
    this.isOver = true;
    this.session.stop();
  }

  /** Accounts for the time until now, stores everything, and resolves with the end of the log. */
  async finish(): Promise<number> {
    const now = Math.round(this.clock!.now());
    this.timeline!.change(now, causeOf('ended'));
    await this.session.finish(60_000);
    this.kill();
    return now;
  }
}
