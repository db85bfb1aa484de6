import { writeFileSync } from 'node:fs';
import { messageOf } from '../../domain/errors.js';
import { causeOf } from '../../domain/stream/gap.js';
import { slotAt } from '../../domain/stream/slots.js';
import { addLoss, addLosses, type Loss } from '../losses.js';
import { createMailbox } from '../mailbox.js';
import type { FrameNotice, FromCamera, StateNotice } from '../protocol.js';

/** Sends frames and states to the worker in their order. A frame waits for a free slot. */
export interface Outbox {
  /** @param pixels undefined for a still frame that was not decoded. */
  sendFrame(frame: Omit<FrameNotice, 'slot'>, pixels: Uint8Array | undefined): void;
  sendState(notice: StateNotice): void;
  /** Whether nothing waits. */
  isEmpty(): boolean;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
  /** Reports that the worker has read a slot. */
  free(slot: number): void;
}

export interface OutboxOptions {
  /** Paths of the slots. */
  readonly slots: readonly string[];
  readonly send: (message: FromCamera) => void;
  /** Reports that a frame was replaced by a newer one. */
  readonly onReplaced: () => void;
}

/** Number of frames that wait although newer ones follow. */
const KEPT_MAX = 64;

export function createOutbox({ slots, send, onReplaced }: OutboxOptions): Outbox {
  const mailbox = createMailbox<Uint8Array>(onReplaced);
  const unused = new Set(slots.keys());
  let onDrained: (() => void)[] = [];
  /** Losses up to the last frame whose pixels could not be written. */
  let unwritten: readonly Loss[] = [];

  function advance(): void {
    for (let item = mailbox.head; item; item = mailbox.head) {
      if (item.kind === 'frame' && !sendNow(item.frame, item.pixels)) return;
      if (item.kind === 'state') send({ type: 'state', ...item.notice });
      mailbox.shift();
    }
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  /** Returns false if a frame has to wait for a slot. */
  function sendNow(frame: FrameNotice, pixels: Uint8Array | undefined): boolean {
    const [slot] = unused;
    if (pixels && slot === undefined) return false;
    const losses = addLosses(unwritten, frame.losses);
    const problem = pixels && write(slots[slot!]!, pixels);
    if (problem !== undefined) {
      const cause = causeOf('undecodable', `The pixels of a frame were not written: ${problem}`);
      unwritten = addLoss(losses, { to: slotAt(frame.arrival, frame.fps).to, cause });
      return true;
    }
    unwritten = [];
    if (pixels) unused.delete(slot!);
    send({ type: 'frame', frame: { ...frame, losses, slot: pixels && slot } });
    return true;
  }

  return {
    sendFrame(frame, pixels) {
      const keep = frame.keep && mailbox.kept < KEPT_MAX;
      const notice = { ...frame, keep, slot: undefined };
      mailbox.add({ kind: 'frame', frame: notice, pixels, free: () => undefined });
      advance();
    },
    sendState(notice) {
      mailbox.add({ kind: 'state', notice });
      advance();
    },
    isEmpty: () => mailbox.head === undefined,
    drained: () =>
      new Promise((resolve) => {
        onDrained.push(resolve);
        advance();
      }),
    free(slot) {
      unused.add(slot);
      advance();
    },
  };
}

/** Writes pixels; returns the problem if that is not possible, such as a full folder. */
function write(path: string, pixels: Uint8Array): string | undefined {
  try {
    writeFileSync(path, pixels);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
