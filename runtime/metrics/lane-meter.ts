import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Device } from '../../domain/job/task-queues.js';
import { type FfmpegOutcome, LANE_LOSSES, type LaneMeter } from '../../domain/ports/meters.js';
import { countFromZero } from './count-from-zero.js';
import { createLiveModels } from './model-labels.js';

const INFERENCE = 'vidette_inference_seconds';
const INFERENCE_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Memory and number of the lanes of a pool. */
interface MeasuredPool {
  readonly residentBytes: number;
  readonly counts: { readonly serving: number };
}

export interface LaneMetrics extends LaneMeter {
  /** Sets the pool whose lanes are measured on each scrape. */
  watch(pool: MeasuredPool): void;
}

/**
 * Creates the metrics of the lanes of this process.
 * @param onFfmpegRun receives the runs of ffmpeg in lanes.
 */
export function createLaneMeter(
  registry: Registry,
  device: Device,
  onFfmpegRun: (outcome: FfmpegOutcome) => void = () => undefined,
): LaneMetrics {
  const live = createLiveModels(registry, [INFERENCE]);
  const registers = [registry];
  const inference = new Histogram({
    name: INFERENCE,
    help: 'Seconds of one inference, which may have several frames',
    labelNames: ['model', 'device'],
    buckets: INFERENCE_S,
    registers,
  });
  const restarts = new Counter({
    name: 'vidette_lane_restarts_total',
    help: 'Lanes that were replaced, by reason; not those that made room for another model',
    labelNames: ['reason'],
    registers,
  });
  countFromZero(restarts, LANE_LOSSES);
  return {
    restarted: (reason) => restarts.inc({ reason }),
    measured: (version, { inferenceS, ffmpegRuns }) => {
      if (inferenceS.length > 0) {
        const labels = { model: live(version), device };
        for (const seconds of inferenceS) inference.observe(labels, seconds);
      }
      ffmpegRuns.forEach(onFfmpegRun);
    },
    watch: (pool) => addPoolGauges(registers, pool),
  };
}

function addPoolGauges(registers: Registry[], pool: MeasuredPool): void {
  new Gauge({
    name: 'vidette_lane_resident_bytes',
    help: 'Resident memory of all lanes of this process',
    registers,
    collect() {
      this.set(pool.residentBytes);
    },
  });
  new Gauge({
    name: 'vidette_lanes',
    help: 'Lanes of this process that have loaded their model',
    registers,
    collect() {
      this.set(pool.counts.serving);
    },
  });
}
