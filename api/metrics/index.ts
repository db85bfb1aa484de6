import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ModelRef } from '../../domain/model/model-manifest.js';
import type { TaskQueues } from '../../domain/ports/task-queues.js';
import type { PoolCounts } from '../../lanes/pool-options.js';
import { addLaneGauges, addQueueGauges } from './gauges.js';
import { boundedClasses, confidenceBucket } from './labels.js';

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
  /** Where the state of the jobs' task queues comes from. */
  watchQueues(queues: TaskQueues): void;
}

const LATENCY_BORDERS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CONFIDENCE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Measurements of one process, and what is asked of others each time that they are read. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    ...createPredictionMetrics(registers),
    ...createModelMetrics(registers),
    watch: (counts) => addLaneGauges(registers, counts),
    watchQueues: (queues) => addQueueGauges(registers, queues),
  };
}

function createPredictionMetrics(registers: Registry[]): Pick<Metrics, 'predicted'> {
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
  const frames = new Counter({
    name: 'vidette_api_frames_total',
    help: 'Pictures that the network of the API has seen',
    registers,
  });
  const bounded = boundedClasses();
  return {
    predicted: (prediction) => {
      const label = bounded(prediction.class);
      total.inc({ class: label, confidence_bucket: confidenceBucket(prediction.confidence) });
      confidence.observe({ class: label }, prediction.confidence);
      latency.observe(prediction.latencyS);
      frames.inc();
    },
  };
}

function createModelMetrics(registers: Registry[]): Pick<Metrics, 'failed' | 'using'> {
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
  return {
    failed: (code) => errors.inc({ code }),
    using: ({ name, version }) => {
      models.reset();
      models.set({ name, version: String(version) }, 1);
    },
  };
}
