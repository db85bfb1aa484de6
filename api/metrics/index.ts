import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ModelRef } from '../domain/model-manifest.js';
import type { PoolCounts } from '../workers/lane-pool-options.js';

/** What is measured of the API; all of it is answered by `GET /metrics`. */
export interface Metrics {
  readonly registry: Registry;
  /** One picture has its prediction. `latencyS` runs from the picture's arrival. */
  predicted(prediction: {
    readonly class: string | null;
    readonly confidence: number;
    readonly latencyS: number;
  }): void;
  /** A request for predictions ended with a problem of this kind. */
  failed(code: string): void;
  /** A model is in use. */
  using(model: Pick<ModelRef, 'name' | 'version'>): void;
  /** Where the numbers of lanes and of waiting pictures come from. */
  watch(counts: () => PoolCounts): void;
}

/** Borders of the confidences in `predictions_total`, which are shares of 1. */
const CONFIDENCE_BORDERS = [0.25, 0.5, 0.75, 0.9, 1];
const LATENCY_BORDERS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CONFIDENCE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** So many classes have series of their own; what comes after them is `other`. */
const CLASSES_MAX = 100;
const NOTHING = 'none';
const OTHER = 'other';

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const total = new Counter({
    name: 'predictions_total',
    help: 'Pictures that have a prediction, by best class and by its confidence',
    labelNames: ['class', 'confidence_bucket'],
    registers,
  });
  const latency = new Histogram({
    name: 'prediction_latency_seconds',
    help: 'From the arrival of a picture to its prediction',
    buckets: LATENCY_BORDERS_S,
    registers,
  });
  const confidence = new Histogram({
    name: 'prediction_confidence',
    help: 'Confidence of the best class of each picture',
    labelNames: ['class'],
    buckets: CONFIDENCE_BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'prediction_errors_total',
    help: 'Requests for predictions that ended with a problem, by its kind',
    labelNames: ['code'],
    registers,
  });
  const models = new Gauge({
    name: 'model_info',
    help: 'The model that pictures are looked at with: always 1',
    labelNames: ['name', 'version'],
    registers,
  });
  const frames = new Counter({
    name: 'vidette_api_frames_total',
    help: 'Pictures that the network of the API has seen',
    registers,
  });
  const bounded = boundedClasses();
  return {
    registry,
    predicted: (prediction) => {
      const label = bounded(prediction.class);
      total.inc({ class: label, confidence_bucket: confidenceBucket(prediction.confidence) });
      confidence.observe({ class: label }, prediction.confidence);
      latency.observe(prediction.latencyS);
      frames.inc();
    },
    failed: (code) => errors.inc({ code }),
    using: ({ name, version }) => {
      models.reset();
      models.set({ name, version: String(version) }, 1);
    },
    watch: (counts) => watchPool(registers, counts),
  };
}

function watchPool(registers: Registry[], counts: () => PoolCounts): void {
  const gauges = {
    serving: ['vidette_api_lanes', 'Lanes of the API that have their network loaded'],
    held: ['vidette_api_pictures_at_work', 'Pictures that lanes hold'],
    waiting: ['vidette_api_queue', 'Pictures for which no lane has room yet'],
  } as const satisfies Record<keyof PoolCounts, readonly [string, string]>;
  for (const key of ['serving', 'held', 'waiting'] as const) {
    const [name, help] = gauges[key];
    const collect = function (this: Gauge) {
      this.set(counts()[key]);
    };
    new Gauge({ name, help, registers, collect });
  }
}

/**
 * The border at or below which a confidence lies.
 * @example confidenceBucket(0.8) // '0.9'
 */
export function confidenceBucket(confidence: number): string {
  const border = CONFIDENCE_BORDERS.find((each) => confidence <= each);
  return String(border ?? CONFIDENCE_BORDERS.at(-1));
}

/** Values of a label: those of the first classes that come, so that they stay few. */
export function boundedClasses(max = CLASSES_MAX): (name: string | null) => string {
  const known = new Set<string>();
  return (name) => {
    if (name === null) return NOTHING;
    if (known.size < max) known.add(name);
    return known.has(name) ? name : OTHER;
  };
}
