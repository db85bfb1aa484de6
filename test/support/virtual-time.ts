import { vi } from 'vitest';
import type { SystemClocks } from '../../streams/camera/camera-clock.js';

/** Clocks of the machine of a model, which a test moves; timers run with them. */
export interface VirtualTime {
  readonly clocks: SystemClocks;
  /** Whether the store does not answer. */
  isAway: boolean;
  readonly isFollowed: (process: string) => boolean;
  /** Lets time pass, in ms. */
  pass(ms: number): void;
  /** Sets the clock of the system, by some ms. */
  set(ms: number): void;
  /** Suspends the machine, in ms. */
  suspend(ms: number): void;
}

/** Replaces timers and clocks until `vi.useRealTimers()`. */
export function startVirtualTime(
  startMs: number,
  isFollowed: (process: string) => boolean,
): VirtualTime {
  vi.useFakeTimers({
    now: startMs,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  let [wall, monotonic, boot] = [startMs, 0, 0];
  return {
    clocks: { wall: () => wall, monotonic: () => monotonic, boot: () => boot },
    isAway: false,
    isFollowed,
    pass(ms) {
      wall += ms;
      monotonic += ms;
      boot += ms;
      vi.advanceTimersByTime(ms);
    },
    set(ms) {
      wall += ms;
    },
    suspend(ms) {
      wall += ms;
      boot += ms;
    },
  };
}
