import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CameraLoad } from '../../client/streams/camera-loads.js';
import type { Device } from '../../domain/job/task-queues.js';
import type { ModelVersion } from '../../domain/ports/meters.js';
import type { TaskQueues } from '../../domain/ports/task-queues.js';
import type { PoolCounts } from '../../lanes/pool-options.js';
import { countFromZero } from '../../runtime/metrics/count-from-zero.js';
import { createLaneMeter, type LaneMetrics } from '../../runtime/metrics/lane-meter.js';
import { createLiveModels, type LiveModels } from '../../runtime/metrics/model-labels.js';
import { addReadinessGauges } from '../../runtime/metrics/readiness-gauges.js';
import { createRegistry } from '../../runtime/metrics/registry.js';
import type { Readiness } from '../../runtime/readiness.js';
import { addCameraGauges, addLaneGauges, addQueueGauges } from './gauges.js';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.js';
import { boundedClasses, confidenceBucket, NOTHING } from './labels.js';

/**
 * Whether the challenger has the best class of the champion or another one, failed, or did not run because
 * its queue was full.
 */
export type ShadowOutcome = 'agree' | 'disagree' | 'failed' | 'dropped';

/** Metrics of the API, exposed at `GET /metrics`. */
export interface Metrics extends HttpMetrics {
  readonly registry: Registry;
  /** Records a prediction; `latencyS` counts from the arrival of the image. */
  predicted(prediction: {
    readonly class: string | null;
    readonly confidence: number;
    readonly latencyS: number;
    readonly model: ModelVersion;
  }): void;
  /** Records a request for predictions that failed with this kind of problem, and its model if known. */
  failed(code: string, model?: ModelVersion): void;
  /** Counts a spec whose version in MLflow could not be used, by the code of the error. */
  sourceFailed(spec: string, code: string): void;
  /** Counts an image by what became of it in a shadow experiment, by its challenger. */
  shadowed(challenger: ModelVersion, outcome: ShadowOutcome): void;
  /** Counts an image that was kept, or could not be. */
  kept(outcome: 'kept' | 'failed'): void;
  /** Counts rows of the log of predictions that wait for their store, or were dropped. */
  logged(outcome: 'deferred' | 'dropped', rows: number): void;
  /** Sets the model that is in use. */
  using(model: ModelVersion): void;
  /** Sets the source of the readiness of the API and of its servers. */
  watchReadiness(readiness: Readiness): void;
  /** Adds the metrics of the lanes, which run on a device. */
  watchLanes(device: Device): LaneMetrics;
  /** Sets the source of the counts of lanes and waiting images. */
  watch(counts: () => PoolCounts): void;
  /** Sets the source of the state of the task queues. */
  watchQueues(queues: TaskQueues): void;
  /** Sets the source of the load of cameras. */
  watchCameras(read: () => Promise<readonly CameraLoad[]>): void;
}

/** Metrics with a label `model`. */
const BY_MODEL = [
  'predictions_total',
  'prediction_latency_seconds',
  'prediction_confidence',
  'prediction_errors_total',
  'vidette_shadow_total',
];
const LATENCY_BORDERS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Maximum number of models of MLflow with their own series. */
const SPECS_MAX = 32;
const CONFIDENCE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Creates the metrics of this process; gauges of other servers are read on each scrape. */
export function createMetrics(): Metrics {
  const registry = createRegistry('api');
  const registers = [registry];
  const live = createLiveModels(registry, BY_MODEL);
  return {
    registry,
    ...createPredictionMetrics(registers, live),
    ...createModelMetrics(registers, live),
    ...createShadowMetrics(registers, live),
    ...createImageMetrics(registers),
    ...createHttpMetrics(registers),
    watchReadiness: (readiness) => addReadinessGauges(registers, 'api', readiness),
    watchLanes: (device) => createLaneMeter(registry, device),
    watch: (counts) => addLaneGauges(registers, counts),
    watchQueues: (queues) => addQueueGauges(registers, queues),
    watchCameras: (read) => addCameraGauges(registers, read),
  };
}

function createPredictionMetrics(
  registers: Registry[],
  live: LiveModels,
): Pick<Metrics, 'predicted'> {
  const total = new Counter({
    name: 'predictions_total',
    help: 'Predictions of images by best class and its confidence',
    labelNames: ['class', 'confidence_bucket', 'model'],
    registers,
  });
  const latency = new Histogram({
    name: 'prediction_latency_seconds',
    help: 'Seconds from the arrival of an image to its prediction',
    labelNames: ['model'],
    buckets: LATENCY_BORDERS_S,
    registers,
  });
  const confidence = new Histogram({
    name: 'prediction_confidence',
    help: 'Confidence of the best class of each image',
    labelNames: ['class', 'model'],
    buckets: CONFIDENCE_BUCKETS,
    registers,
  });
  const frames = new Counter({
    name: 'vidette_api_frames_total',
    help: 'Images on which the API ran inference',
    registers,
  });
  const bounded = boundedClasses();
  return {
    predicted: (prediction) => {
      const model = live(prediction.model);
      const labels = { class: bounded(prediction.class), model };
      total.inc({ ...labels, confidence_bucket: confidenceBucket(prediction.confidence) });
      confidence.observe(labels, prediction.confidence);
      latency.observe({ model }, prediction.latencyS);
      frames.inc();
    },
  };
}

function createImageMetrics(registers: Registry[]): Pick<Metrics, 'kept' | 'logged'> {
  const images = new Counter({
    name: 'vidette_kept_images_total',
    help: 'Images of predictions by whether the object store kept them',
    labelNames: ['outcome'],
    registers,
  });
  countFromZero(images, ['kept', 'failed']);
  const rows = new Counter({
    name: 'vidette_prediction_log_rows_total',
    help: 'Rows of the log of predictions that could not be written at once, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  return {
    kept: (outcome) => images.inc({ outcome }),
    logged: (outcome, count) => rows.inc({ outcome }, count),
  };
}

type ModelMetrics = Pick<Metrics, 'failed' | 'using' | 'sourceFailed'>;

function createShadowMetrics(registers: Registry[], live: LiveModels): Pick<Metrics, 'shadowed'> {
  const shadows = new Counter({
    name: 'vidette_shadow_total',
    help: 'Images of shadow experiments by challenger and what became of them',
    labelNames: ['model', 'outcome'],
    registers,
  });
  return { shadowed: (challenger, outcome) => shadows.inc({ model: live(challenger), outcome }) };
}

function createModelMetrics(registers: Registry[], live: LiveModels): ModelMetrics {
  const errors = new Counter({
    name: 'prediction_errors_total',
    help: 'Failed requests for predictions by kind of problem',
    labelNames: ['code', 'model'],
    registers,
  });
  const models = new Gauge({
    name: 'model_info',
    help: 'Model used for images: always 1',
    labelNames: ['name', 'version'],
    registers,
  });
  const sources = new Counter({
    name: 'vidette_model_source_errors_total',
    help: 'Times that the version of a model in MLflow could not be used, by model and error code',
    labelNames: ['name', 'reason'],
    registers,
  });
  const bounded = boundedClasses(SPECS_MAX);
  return {
    failed: (code, model) => errors.inc({ code, model: model ? live(model) : NOTHING }),
    sourceFailed: (spec, reason) => sources.inc({ name: bounded(spec), reason }),
    using: ({ name, version }) => {
      models.reset();
      models.set({ name, version: String(version) }, 1);
    },
  };
}
