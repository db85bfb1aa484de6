import { messageOf } from '../domain/errors.js';
import { isGap, type LogEntry } from '../domain/stream/entry.js';
import { causeOf, type GapCause } from '../domain/stream/gap.js';
import { createLedger, type Ledger, type LogEnd } from '../domain/stream/ledger.js';
import type { NumberedStretch } from '../domain/stream/log/segment.js';
import { sweepLog } from '../domain/stream/log/sweep-log.js';
import type { ScenarioInput } from '../domain/stream/scenario-input.js';
import { restoreTracker, storeCheckpoint } from '../domain/stream/tracks/checkpoint.js';
import type { RowTracker } from '../domain/stream/tracks/row-tracker.js';
import type { CameraZoneEvent } from '../domain/stream/tracks/row-tracks.js';
import type { Logger } from '../runtime/logger.js';
import type { AttachOptions } from './camera-host.js';
import { type Commits, type Follower, startCommits } from './commits.js';
import { createScenarioLog, type ScenarioLog, type ScenarioLogOptions } from './scenario-log.js';
import { storeAll } from './store-all.js';
import { createTimeline } from './timeline.js';
import { createTrackCheckpoints, type TrackCheckpoints } from './track-checkpoints.js';

export interface SessionLogOptions extends Pick<ScenarioLogOptions, 'log' | 'folder' | 'room'> {
  readonly logger: Logger;
  /** Receives entries as they are made. */
  readonly onMade: (entries: readonly LogEntry[]) => void;
  /** Reports that another process owns the log. */
  readonly onTakenOver: (error: unknown) => void;
}

/** Log of a session: numbers its entries, and stores them at intervals. */
export class SessionLog {
  readonly commits: Commits;
  private readonly scenarioLog: ScenarioLog;
  private readonly closing = new AbortController();
  private readonly makingFollowers = new Set<Follower>();
  private current: Ledger | undefined;
  /** Follows the objects of the entries that are made; undefined without tracks. */
  private tracker: RowTracker | undefined;
  /** Tracker at the end of what was stored when the log was taken over. */
  private restored: RowTracker | undefined;
  private readonly checkpoints: TrackCheckpoints;

  constructor(private readonly options: SessionLogOptions) {
    const { log, logger, onTakenOver } = options;
    const { signal } = this.closing;
    this.checkpoints = createTrackCheckpoints({
      store: (row, encoded) => storeCheckpoint(log, row, encoded, { signal }),
      onFailure: (error) =>
        logger.info({ reason: messageOf(error) }, 'a state of the tracks is not stored'),
    });
    this.scenarioLog = createScenarioLog({
      ...options,
      onStored: (entries) => this.stored(entries),
      onJournalFailure: (error) =>
        logger.error({ reason: messageOf(error) }, 'the journal of a camera cannot be written'),
    });
    this.commits = startCommits({ log: this.scenarioLog, logger, onTakenOver });
  }

  /** Makes the entries; undefined before the log was taken over. */
  get ledger(): Ledger | undefined {
    return this.current;
  }

  get end(): LogEnd {
    return this.current?.end ?? { next: 1, accountedTo: 0 };
  }

  /** Number of rows that are not stored. */
  get rowsBehind(): number {
    return this.scenarioLog.rowsBehind();
  }

  /** @throws AppError as `ScenarioLog.takeOver`. */
  takeOver({ epoch, startedAt, scenario, signal }: AttachOptions): Promise<LogEnd> {
    const { tracking, zones = [] } = scenario;
    const onOwned = async (end: LogEnd) => {
      const { log } = this.options;
      this.restored = tracking ? await restoreTracker(log, end, zones, { signal }) : undefined;
    };
    return this.scenarioLog.takeOver({ epoch, startedAt, onOwned }, { signal });
  }

  /**
   * Continues the ledger. If the log has another end, another host has written to it, and the rows
   * that were made here are not part of it.
   * @returns the cause of the time from then on; undefined if the present ledger is continued.
   */
  continueFrom(end: LogEnd, options: AttachOptions): GapCause | undefined {
    const { scenario, startedAt, absences = [] } = options;
    const { next, accountedTo } = this.end;
    const isSame = this.current && next === end.next && accountedTo === end.accountedTo;
    this.continueTracks(scenario, isSame ? this.tracker : undefined);
    if (isSame) return undefined;
    const isNew = end.next === 1 && end.accountedTo === startedAt;
    const isExplained = absences.length > 0;
    const cause = causeOf(isExplained ? 'connecting' : isNew ? 'starting' : 'worker_lost');
    const ledger = createLedger(this.options.log.uuid, end);
    this.current = ledger;
    const timeline = createTimeline({ ledger, cause, onStretch: this.append });
    timeline.explain(absences.map(({ to, ...absence }) => ({ to, cause: absence })));
    return cause;
  }

  readonly append = (made: NumberedStretch): void => {
    const { tracker } = this;
    const entries = tracker ? made.entries.map(tracker.add) : made.entries;
    this.scenarioLog.append({ ...made, entries });
    if (tracker) this.checkpoints.made(tracker);
    this.commits.appended();
    this.options.onMade(entries);
    for (const follower of this.makingFollowers) follower(entries);
  };

  /** Follows other zones from the next entry on. */
  configure({ zones = [] }: Pick<ScenarioInput, 'zones'>): void {
    if (this.tracker?.setZones(zones)) this.checkpoints.force();
  }

  /** Ends the tracks of a log that is stored; returns the events of those in a zone. */
  async endTracks(): Promise<readonly CameraZoneEvent[]> {
    const { tracker } = this;
    const events = tracker?.finish() ?? [];
    if (tracker) await this.checkpoints.finish(tracker);
    return events;
  }

  /** Calls back with entries as they are made, before they are part of the log. */
  followMade(follower: Follower): () => void {
    this.makingFollowers.add(follower);
    return () => void this.makingFollowers.delete(follower);
  }

  readonly isFull = (): boolean => this.scenarioLog.isFull();

  /** Removes what the owners before have left. A failure is repeated by the next owner. */
  async removeOld(epoch: string): Promise<void> {
    const { log, logger } = this.options;
    const { signal } = this.closing;
    await sweepLog(log, epoch, { signal }).catch((error: unknown) => {
      if (!signal.aborted) logger.info({ reason: messageOf(error) }, 'an old log is not removed');
    });
  }

  /** @param present tracker of the log that is continued, if it has one. */
  private continueTracks({ tracking }: ScenarioInput, present: RowTracker | undefined): void {
    // A state that was taken may follow rows that are not part of the log.
    if (!present) this.checkpoints.force();
    this.tracker = tracking ? (present ?? this.restored) : undefined;
    this.restored = undefined;
  }

  private stored(entries: readonly LogEntry[]): void {
    const row = entries.findLast((entry) => !isGap(entry));
    if (row && !isGap(row)) this.checkpoints.stored(row.frame_number);
    this.commits.send(entries);
  }

  /** Stores what was appended, if the store is available. */
  async flush(): Promise<void> {
    await this.scenarioLog.commit().catch(() => undefined);
  }

  /** Stores everything and removes the journal. @throws AppError as `storeAll`. */
  finish(limitMs: number): Promise<void> {
    return storeAll(this.scenarioLog, limitMs, this.closing.signal);
  }

  /** Ends the commits and a `finish` that waits for the store. */
  stop(): void {
    this.closing.abort();
    this.commits.stop();
  }

  /** Leaves what is not stored in the journal of this host. */
  close(): void {
    this.scenarioLog.close();
  }
}
