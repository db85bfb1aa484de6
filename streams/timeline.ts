import type { LogEntry } from '../domain/stream/entry.js';
import type { GapCause } from '../domain/stream/gap.js';
import type { Ledger, SeenFrame } from '../domain/stream/ledger.js';
import type { NumberedStretch } from '../domain/stream/log/segment.js';
import { slotAt } from '../domain/stream/slots.js';
import type { Loss } from './losses.js';
import type { FrameNotice } from './protocol.js';

/** Slot of a frame, and the losses before it. */
type FrameSlot = Pick<FrameNotice, 'arrival' | 'fps' | 'losses'>;

/** Accounts for the time of a camera: what happens is added in its order. */
export interface Timeline {
  /** Adds a frame with its objects. */
  addFrame(slot: FrameSlot, seen: Omit<SeenFrame, 'arrival'>): void;
  /** Adds the slot of a frame that has no row. */
  addLost(slot: FrameSlot, cause: GapCause): void;
  /** Ends the present cause of missing frames at an instant and begins another one. */
  change(at: number, cause: GapCause): void;
  /** Accounts for the time until the last of the losses. */
  explain(losses: readonly Loss[]): void;
  /** Accounts for the time until an instant by the present cause, if it is at least `minMs`. */
  advance(at: number, minMs?: number): void;
}

export interface TimelineOptions {
  readonly ledger: Ledger;
  /** Cause of the time until the first change. */
  readonly cause: GapCause;
  /** Receives the entries, at least one, as they are made. */
  readonly onStretch: (stretch: NumberedStretch) => void;
}

/** Rate of stretches before the first frame: they have gaps alone. */
const ANY_FPS = 1;

export function createTimeline({ ledger, onStretch, ...options }: TimelineOptions): Timeline {
  let { cause } = options;
  let fps = ANY_FPS;

  /** Makes one stretch of the entries that `work` adds to the ledger. */
  function emit(work: () => LogEntry[]): void {
    const { next: first, accountedTo: from } = ledger.end;
    const entries = work();
    if (entries.length > 0) onStretch({ first, fps, from, to: ledger.end.accountedTo, entries });
  }

  const addLosses = (losses: readonly Loss[]) =>
    losses.flatMap((loss) => ledger.addGap(loss.to, loss.cause));

  return {
    addFrame(slot, seen) {
      fps = slot.fps;
      const frame = { ...seen, arrival: slot.arrival };
      emit(() => [...addLosses(slot.losses), ...ledger.addFrame(frame, fps, cause)]);
    },
    addLost(slot, lost) {
      fps = slot.fps;
      const { from, to } = slotAt(slot.arrival, fps);
      const before = () => [...addLosses(slot.losses), ...ledger.addGap(from, cause)];
      emit(() => [...before(), ...ledger.addGap(to, lost)]);
    },
    change(at, next) {
      const ended = cause;
      cause = next;
      emit(() => ledger.addGap(at, ended));
    },
    explain: (losses) => emit(() => addLosses(losses)),
    advance(at, minMs = 0) {
      if (at - ledger.end.accountedTo >= minMs) emit(() => ledger.addGap(at, cause));
    },
  };
}
