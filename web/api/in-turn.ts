import { pause, waitUntilBack } from './connection.js';

/** Pause between two requests: bounds them to 150 per minute, whatever the number of items. */
const PAUSE_MS = 400;

interface InTurn<Item> {
  /** Items of the next round. */
  readonly items: () => readonly Item[];
  /** Sends the requests of an item; its errors are ignored. */
  readonly work: (item: Item) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Works for all items in turn, again and again, until the signal aborts. Streams would need a
 * connection per item, of which a browser opens six per server.
 */
export async function workInTurn<Item>({ items, work, signal }: InTurn<Item>): Promise<void> {
  while (!signal.aborted) {
    for (const item of items()) {
      await attempt(() => work(item), signal);
      await rest(signal);
    }
    await rest(signal);
  }
}

/** The list around the items reports an unavailable API; an item that was deleted leaves it. */
async function attempt(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await waitUntilBack(signal);
    await work();
  } catch {
    // the next round tries again
  }
}

/** Resolves after the pause, or when the signal aborts. */
const rest = (signal: AbortSignal) => pause(PAUSE_MS, signal).catch(() => undefined);
