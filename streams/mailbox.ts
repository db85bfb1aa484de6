import { causeOf } from '../domain/stream/gap.js';
import { slotAt } from '../domain/stream/slots.js';
import { addLoss, addLosses } from './losses.js';
import type { FrameNotice, StateNotice } from './protocol.js';

/** Frame that waits. */
export interface WaitingFrame<Pixels> {
  readonly kind: 'frame';
  readonly frame: FrameNotice;
  /** Undefined for a still frame that was not decoded. */
  readonly pixels: Pixels | undefined;
  /** Reports that the pixels are not needed any more. */
  readonly free: () => void;
}

/** What happened to a camera, in its order. */
export type MailboxItem<Pixels> =
  | WaitingFrame<Pixels>
  | { readonly kind: 'state'; readonly notice: StateNotice }
  /** All until this instant has arrived. */
  | { readonly kind: 'time'; readonly at: number };

/** What waits to be processed for one camera: a newer frame replaces one that waits. */
export interface Mailbox<Pixels> {
  /** The oldest item. */
  readonly head: MailboxItem<Pixels> | undefined;
  /** Number of frames that must not be replaced. */
  readonly kept: number;
  add(item: MailboxItem<Pixels>): void;
  shift(): MailboxItem<Pixels> | undefined;
}

/** @param onReplaced called for each frame that a newer one replaced. */
export function createMailbox<Pixels>(onReplaced: () => void): Mailbox<Pixels> {
  const items: MailboxItem<Pixels>[] = [];

  function addFrame(item: WaitingFrame<Pixels>): void {
    const last = items.at(-1);
    if (last?.kind !== 'frame' || last.frame.keep) {
      items.push(item);
      return;
    }
    last.free();
    onReplaced();
    items[items.length - 1] = { ...item, frame: replacing(last.frame, item.frame) };
  }

  return {
    add(item) {
      if (item.kind === 'frame') addFrame(item);
      // Time that follows a frame or a state is accounted for by the next item.
      else if (item.kind !== 'time' || items.length === 0) items.push(item);
    },
    shift: () => items.shift(),
    get head() {
      return items[0];
    },
    get kept() {
      return items.filter((item) => item.kind === 'frame' && item.frame.keep).length;
    },
  };
}

/** Returns a frame that accounts also for the slot of the frame that it replaced. */
function replacing(old: FrameNotice, frame: FrameNotice): FrameNotice {
  const lost = { to: slotAt(old.arrival, old.fps).to, cause: causeOf('overload') };
  return { ...frame, losses: addLosses(addLoss(old.losses, lost), frame.losses) };
}
