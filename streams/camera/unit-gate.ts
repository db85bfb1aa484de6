import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { createSleepGate } from '../../domain/stream/sleep-gate.js';
import { slotAt } from '../../domain/stream/slots.js';
import type { CameraContext } from './context.js';
import type { DecodedFrame } from './frame-sink.js';
import { createScenes } from './scenes.js';

/** Decides which units of a camera are decoded, and how their frames are sent. */
export interface UnitGate {
  /** Takes the next unit, and returns the units to decode. */
  unit(unit: AccessUnit): readonly AccessUnit[];
  /** Takes a decoded frame, sends it, and returns units to decode again. */
  frame(frame: DecodedFrame): readonly AccessUnit[];
  /** Wakes, because the decoder or the parameters are other ones. */
  readonly reset: () => void;
}

type GateContext = Pick<CameraContext, 'sink' | 'parameters'>;

/**
 * Creates the gate of a connection. While a scene is still, only keyframes are decoded; the slots
 * between them are sent when the next keyframe shows that nothing has changed.
 */
export function createUnitGate({ sink, parameters }: GateContext): UnitGate {
  const sleep = createSleepGate();
  const scenes = createScenes();
  /** Arrivals of the first units in the slots that were not decoded. */
  let undecoded: number[] = [];
  /** Arrival of the last unit that is decoded again. */
  let replayedTo = 0;

  function wait({ arrival }: AccessUnit): void {
    const { fps } = parameters();
    const last = undecoded.at(-1);
    if (last === undefined || slotAt(last, fps).to <= arrival) undecoded.push(arrival);
  }

  function sendWaiting(before: number): void {
    for (const arrival of undecoded.filter((each) => each < before)) {
      sink.addStill(arrival, scenes.arrival);
    }
    undecoded = undecoded.filter((each) => each > before);
  }

  function compare(frame: DecodedFrame): readonly AccessUnit[] {
    const wasAsleep = sleep.isAsleep();
    const isStill = scenes.isStill(frame);
    const replayed = sleep.compared(frame.arrival, isStill);
    if (replayed.length > 0) {
      replayedTo = replayed.at(-1)!.arrival;
      undecoded = [];
      return replayed;
    }
    if (wasAsleep) sendWaiting(frame.arrival);
    sink.add(frame, { scene: scenes.arrival, keep: frame.arrival <= replayedTo });
    return [];
  }

  return {
    unit(unit) {
      if (parameters().gate !== 'sleep') return [unit];
      const decoded = sleep.unit(unit);
      if (decoded.length === 0) wait(unit);
      else if (!sleep.isAsleep()) undecoded = [];
      return decoded;
    },
    frame(frame) {
      const { gate } = parameters();
      if (gate === 'sleep') return compare(frame);
      const isCompared = gate === 'still' && scenes.isStill(frame);
      sink.add(frame, isCompared ? { scene: scenes.arrival } : {});
      return [];
    },
    reset() {
      sleep.reset();
      scenes.forget();
      undecoded = [];
    },
  };
}
