/** Time of identical frames after which a camera counts as frozen, in ms. */
export const FREEZE_MS = 30_000;
/** Keyframes that a frozen camera must have sent in this time: a repeated frame is coded again. */
const KEYFRAMES_MIN = 2;

/**
 * State of what the camera shows. A source that is `frozen` is worth one new connection; if that
 * shows the same frame again, it is a `still_source`, such as a screen.
 */
export type SourceMotion = 'moving' | 'frozen' | 'still_source';

/** Notices a camera that repeats one frame: the noise of a sensor makes any two frames differ. */
export interface FreezeWatch {
  /**
   * Adds a decoded frame, which must not be written to afterwards.
   * @param keyframes number of keyframes of the camera so far.
   */
  frame(now: number, frame: Uint8Array, keyframes: number): SourceMotion;
  /** Reports that the connection was closed and opened again. */
  reconnected(): void;
}

export function createFreezeWatch(limitMs = FREEZE_MS): FreezeWatch {
  let last: Uint8Array | undefined;
  let since = { ms: 0, keyframes: 0 };
  let motion: SourceMotion = 'moving';
  let isReconnected = false;
  return {
    frame(now, frame, keyframes) {
      const isIdentical = last !== undefined && Buffer.compare(last, frame) === 0;
      last = frame;
      if (!isIdentical) {
        since = { ms: now, keyframes };
        motion = 'moving';
      } else if (motion === 'frozen' && isReconnected) {
        motion = 'still_source';
      } else if (motion === 'moving' && now - since.ms >= limitMs) {
        if (keyframes - since.keyframes >= KEYFRAMES_MIN) motion = 'frozen';
      }
      isReconnected = false;
      return motion;
    },
    reconnected() {
      isReconnected = true;
    },
  };
}
