/** What is done with a coded frame: `restart` drops what waits for the decoder, and then decodes it. */
export type FrameAction = 'decode' | 'skip' | 'restart';

/** Keeps a decoder near the newest frame, by leaving out frames that it is too slow for. */
export interface FrameGate {
  /** Decides about the next frame. @param now in ms */
  next(isKey: boolean, now: number): FrameAction;
  /** Reports that the oldest waiting frame is decoded. */
  decoded(): void;
  /** Whether the decoder was too slow for several groups of frames in a row. */
  readonly isTooSlow: boolean;
}

/** Time that a frame waits for the decoder, above which those until the next keyframe are left out. */
const MAX_LAG_MS = 500;
/** Number of groups of frames in a row that were too slow. */
const SLOW_GROUPS = 3;

export function createFrameGate(): FrameGate {
  let waiting: number[] = [];
  let groups = 0;
  let slowGroups = 0;
  let isSkipping = false;
  return {
    next(isKey, now) {
      // The first group arrives at once, from before the view.
      const isLate = groups !== 1 && now - (waiting[0] ?? now) > MAX_LAG_MS;
      if (!isKey && (isSkipping || isLate)) {
        isSkipping = true;
        return 'skip';
      }
      const isRestart = isKey && waiting.length > 0 && (isSkipping || isLate);
      if (isKey) {
        groups++;
        slowGroups = isSkipping || isLate ? slowGroups + 1 : 0;
        isSkipping = false;
        if (isRestart) waiting = [];
      }
      waiting.push(now);
      return isRestart ? 'restart' : 'decode';
    },
    decoded: () => void waiting.shift(),
    get isTooSlow() {
      return slowGroups >= SLOW_GROUPS;
    },
  };
}
