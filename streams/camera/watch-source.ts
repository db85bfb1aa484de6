import { causeOf, type GapReason } from '../../domain/stream/gap.js';
import { reconnectDelay } from '../../domain/stream/reconnect.js';
import type { StateNotice } from '../protocol.js';
import { stateAfter, wrongInput } from './absence.js';
import type { CameraContext, SourceReader } from './context.js';
import { Interrupt } from './interrupt.js';

/** A source that is read again and again. */
export interface SourceWatch {
  /** Resolves when the file has ended; rejects if the input is wrong. */
  readonly ended: Promise<void>;
  /** Reports a frame: the camera is there. */
  live(): void;
  /** Closes the connection and opens another one at once. */
  readonly interrupt: (interrupt: Interrupt) => void;
}

/** Failed attempts in a row, with their cause. */
interface Failures {
  reason: GapReason;
  count: number;
  since: number;
}

/** @param onReconnect called before each connection but the first. */
export function watchSource(
  context: Pick<CameraContext, 'sink' | 'clock' | 'url'>,
  source: Pick<SourceReader, 'read'>,
  onReconnect: () => void,
): SourceWatch {
  const { sink, clock, url } = context;
  let attempt = new AbortController();
  let [isOpen, isLive] = [false, false];
  let failures: Failures | undefined;

  const change = (state: Omit<StateNotice, 'at'>) =>
    sink.change({ ...state, at: Math.round(clock.now()) });

  async function run(): Promise<void> {
    change({ state: 'connecting', cause: causeOf('connecting') });
    for (;;) {
      attempt = new AbortController();
      [isOpen, isLive] = [false, false];
      try {
        return await source.read(attempt.signal, () => (isOpen = true));
      } catch (error) {
        const wrong = wrongInput(error, url.protocol === 'file');
        if (wrong) throw wrong;
        await recover(error);
      }
      onReconnect();
    }
  }

  /** Changes the state, and waits until the next attempt is due. */
  async function recover(error: unknown): Promise<void> {
    if (error instanceof Interrupt) {
      change(error.state ?? { state: 'connecting', cause: causeOf('connecting') });
      return;
    }
    const state = stateAfter(error, { wasOpen: isOpen, wasLive: isLive });
    change(state);
    const delayMs = delayAfter(state.cause.reason);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }

  function delayAfter(reason: GapReason): number {
    const now = performance.now();
    if (isLive || failures?.reason !== reason) {
      // A camera that was seen is away since now, one that fails otherwise since it was seen.
      failures = { reason, count: 0, since: isLive ? now : (failures?.since ?? now) };
    }
    failures.count++;
    return reconnectDelay({ reason, count: failures.count, awayMs: now - failures.since });
  }

  return {
    ended: run(),
    live: () => void (isLive = true),
    interrupt: (interrupt) => attempt.abort(interrupt),
  };
}
