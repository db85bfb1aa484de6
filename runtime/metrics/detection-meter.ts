import { Counter, type Registry } from 'prom-client';
import { type DetectionMeter, RANGE_OUTCOMES } from '../../domain/ports/meters.js';
import { countFromZero } from './count-from-zero.js';
import { createLiveModels } from './model-labels.js';

const FRAMES = 'vidette_frames_total';
const FRAME_OUTCOMES = ['detected', 'still', 'skipped'] as const;

/** Creates the metrics of the ranges and frames that this process detects. */
export function createDetectionMeter(registry: Registry): DetectionMeter {
  const live = createLiveModels(registry, [FRAMES]);
  const registers = [registry];
  const frames = new Counter({
    name: FRAMES,
    help: 'Sampled frames of stored parts: detected, still (objects of an earlier frame) or skipped',
    labelNames: ['outcome', 'device', 'model'],
    registers,
  });
  const ranges = new Counter({
    name: 'vidette_ranges_total',
    help: 'Attempts to detect a range, by their end; reused: its part was stored before',
    labelNames: ['outcome'],
    registers,
  });
  countFromZero(ranges, RANGE_OUTCOMES);
  return {
    range: (outcome) => ranges.inc({ outcome }),
    frames: (version, device, counts) => {
      const model = live(version);
      for (const outcome of FRAME_OUTCOMES) {
        frames.inc({ outcome, device, model }, counts[outcome]);
      }
    },
  };
}
