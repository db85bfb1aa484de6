import { type AppError, hasCode, messageOf } from '../domain/errors.js';
import { modelRefOf } from '../domain/model/model-manifest.js';
import { isoTime } from '../domain/stream/entry.js';
import { causeOf, type GapCause } from '../domain/stream/gap.js';
import type { Ledger } from '../domain/stream/ledger.js';
import type { NumberedStretch } from '../domain/stream/log/segment.js';
import type { PixelOwner } from './camera-runner.js';
import {
  createFrameDetector,
  type DetectedFrame,
  type DetectFrame,
  type Detection,
} from './frame-detector.js';
import type { LaneCustomer, LaneTurns } from './lane-turns.js';
import { createMailbox, type WaitingFrame } from './mailbox.js';
import type { FrameNotice, StateNotice } from './protocol.js';
import { createTimeline } from './timeline.js';

/** Makes the entries of a camera's log from what its process reports, in that order. */
export interface RowMaker {
  addFrame(frame: FrameNotice, owner: PixelOwner): void;
  addState(notice: StateNotice): void;
  /** Reports that everything until this instant has arrived. */
  addTime(at: number): void;
  configure(detection: Detection): void;
  /** Continues another log, from its end; what waits becomes part of it. */
  readonly continueWith: (ledger: Ledger, cause: GapCause) => void;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  /** Accounts for the time until an instant; while the camera is live by the given cause. */
  finish(at: number, cause: GapCause): void;
  close(): void;
}

export interface RowMakerOptions extends Detection {
  readonly ledger: Ledger;
  /** Cause of the time before the first state. */
  readonly cause: GapCause;
  readonly turns: LaneTurns;
  readonly detect: DetectFrame;
  /** Whether the objects of rows are followed. */
  readonly isTracked: () => boolean;
  /** Whether rows cannot be kept at present. */
  readonly isFull: () => boolean;
  readonly onStretch: (stretch: NumberedStretch) => void;
  readonly onState: (notice: StateNotice) => void;
  /** Reports a row that was made; `lagMs` since the arrival of its frame. */
  readonly onRow: (lagMs: number) => void;
  /** Reports that a frame was replaced, because the lanes are too slow. */
  readonly onReplaced: () => void;
  /** Reports that the input of the scenario is wrong. */
  readonly onFailed: (error: AppError) => void;
}

/** Length of the gaps of which a long absence consists, in ms. */
const GAP_STEP_MS = 10_000;
const UNKNOWN = causeOf('undecodable', 'The objects of the scene are unknown.');

export function createRowMaker(options: RowMakerOptions): RowMaker {
  const { turns, isTracked, isFull, onStretch, onState, onRow, onReplaced, onFailed } = options;
  const detector = createFrameDetector(options.detect, options);
  const mailbox = createMailbox<string>(onReplaced);
  let timeline = createTimeline(options);
  let isBusy = false;
  let isLive = false;
  let onSettled: (() => void)[] = [];

  const customer: LaneCustomer = {
    get model() {
      return detector.model;
    },
    isWaiting: () => !isBusy && mailbox.head?.kind === 'frame',
    serve,
  };
  turns.add(customer);

  /** Accounts for all items up to the first frame that needs a lane. */
  function advance(): void {
    while (!isBusy && mailbox.head) {
      if (mailbox.head.kind === 'frame' && !addKnown(mailbox.head)) {
        turns.advance();
        return;
      }
      const item = mailbox.shift()!;
      if (item.kind === 'state') change(item.notice);
      else if (item.kind === 'time' && !isLive) timeline.advance(item.at, GAP_STEP_MS);
    }
    if (isBusy) return;
    for (const resolve of onSettled) resolve();
    onSettled = [];
  }

  function change(notice: StateNotice): void {
    const wasLive = isLive;
    isLive = notice.state === 'live';
    // A slot without a frame when a camera is lost has the same cause as the ones that follow.
    timeline.change(wasLive && !isLive ? 0 : notice.at, notice.cause);
    onState(notice);
  }

  /** Accounts for a frame without a lane, if that is possible. */
  function addKnown({ frame, free }: WaitingFrame<string>): boolean {
    const known = detector.known(frame);
    // Without an entry of its own: the next one that has room accounts for all of them.
    if (isFull()) timeline.change(0, causeOf('store_full'));
    else if (known) addRow(frame, known, true);
    else if (frame.slot === undefined) timeline.addLost(frame, UNKNOWN);
    else return false;
    free();
    return true;
  }

  async function serve(): Promise<void> {
    const item = mailbox.shift();
    if (item?.kind !== 'frame' || item.pixels === undefined) return;
    isBusy = true;
    try {
      addRow(item.frame, await detector.detect(item.frame, item.pixels), false);
    } catch (error) {
      if (hasCode(error, 'INVALID_INPUT')) onFailed(error as AppError);
      timeline.addLost(item.frame, causeOf('undecodable', `Detection failed: ${messageOf(error)}`));
    } finally {
      isBusy = false;
      item.free();
    }
    advance();
  }

  function addRow(frame: FrameNotice, { detections, model }: DetectedFrame, still: boolean): void {
    const { arrival, damaged, cameraTime } = frame;
    const lag_ms = Math.max(0, Math.round(Date.now() - arrival));
    const camera_time = cameraTime === null ? null : isoTime(cameraTime);
    const details = { lag_ms, camera_time, damaged, still, model: modelRefOf(model.manifest) };
    onRow(lag_ms);
    const tracks = isTracked() ? { size: frame.size } : undefined;
    timeline.addFrame(frame, { detections, details, ...(tracks && { tracks }) });
  }

  return {
    addFrame(frame, owner) {
      const { slot } = frame;
      const free = () => {
        if (slot !== undefined) owner.free(slot);
      };
      const pixels = slot === undefined ? undefined : owner.pathOf(slot);
      mailbox.add({ kind: 'frame', frame, pixels, free });
      advance();
    },
    addState(notice) {
      mailbox.add({ kind: 'state', notice });
      advance();
    },
    addTime(at) {
      mailbox.add({ kind: 'time', at });
      advance();
    },
    configure: detector.configure,
    continueWith(ledger, cause) {
      timeline = createTimeline({ ledger, cause, onStretch });
    },
    settled: () =>
      new Promise((resolve) => {
        onSettled.push(resolve);
        advance();
      }),
    finish(at, cause) {
      if (isLive) timeline.change(0, cause);
      timeline.advance(at);
    },
    close: () => turns.remove(customer),
  };
}
