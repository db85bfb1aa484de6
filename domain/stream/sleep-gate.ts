import type { AccessUnit } from './access-unit.js';

/** Time without change after which a decoder falls asleep, in ms. */
export const SETTLE_MS = 10_000;
/** Size of the waiting units above which the decoder wakes, in bytes. */
const WAITING_BYTES_MAX = 64 * 1024 ** 2;

export interface SleepGateOptions {
  readonly settleMs?: number;
  readonly maxBytes?: number;
}

/**
 * Decides which units are decoded. While a scene is still, the decoder is asleep: it receives only
 * keyframes, and the units since the last keyframe that was still wait. When a keyframe shows a
 * change, all waiting units are replayed, so that frames from before the change are decoded too.
 */
export interface SleepGate {
  /** Takes the next unit of the camera and returns the units to decode. */
  unit(unit: AccessUnit): readonly AccessUnit[];
  /**
   * Takes the comparison of a decoded frame with the last one that differed, and returns the units
   * to replay. Decoders are given them as they are, although their times go back to a keyframe
   * that was decoded before.
   * @param arrival of the unit that the frame was decoded from.
   */
  compared(arrival: number, isStill: boolean): readonly AccessUnit[];
  isAsleep(): boolean;
  /** Wakes without a replay: for a new connection or a new decoder. */
  reset(): void;
}

export function createSleepGate({
  settleMs = SETTLE_MS,
  maxBytes = WAITING_BYTES_MAX,
}: SleepGateOptions = {}): SleepGate {
  let isAsleep = false;
  let stillSince: number | undefined;
  let waiting: AccessUnit[] = [];
  let bytes = 0;

  const hold = (units: readonly AccessUnit[]) => {
    waiting = [...units];
    bytes = units.reduce((sum, { data }) => sum + data.length, 0);
  };
  const wake = () => {
    const replayed = waiting;
    isAsleep = false;
    stillSince = undefined;
    hold([]);
    return replayed;
  };
  const isSettled = ({ key, arrival }: AccessUnit) =>
    key && stillSince !== undefined && arrival - stillSince >= settleMs;

  return {
    unit(unit) {
      isAsleep ||= isSettled(unit);
      if (!isAsleep) return [unit];
      waiting.push(unit);
      bytes += unit.data.length;
      if (bytes > maxBytes) return wake();
      return unit.key ? [unit] : [];
    },
    compared(arrival, isStill) {
      if (!isStill) {
        stillSince = undefined;
        return isAsleep ? wake() : [];
      }
      stillSince ??= arrival;
      if (isAsleep) hold(waiting.filter((unit) => unit.arrival >= arrival));
      return [];
    },
    isAsleep: () => isAsleep,
    reset() {
      wake();
    },
  };
}
