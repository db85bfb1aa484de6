import { messageOf } from '../../domain/errors.js';
import type { Counted } from '../../domain/experiment/counts.js';
import type { ShadowPrediction } from '../../domain/experiment/experiment.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import { predictionOf } from '../../domain/result/image-prediction.js';
import type { Logger } from '../../runtime/logger.js';
import type { ImageJob } from '../images/image-job.js';
import type { Metrics, ShadowOutcome } from '../metrics/index.js';
import type { ActiveExperiment } from './experiment-watch.js';
import type { ShadowLane } from './shadow-lane.js';

/** Maximum number of images that wait for a challenger. */
const QUEUE_MAX = 64;

/** Image that the champion has answered. */
export interface ShadowTask {
  readonly active: ActiveExperiment;
  readonly prediction_id: string;
  /** Best class of the champion. */
  readonly predicted_class: string | null;
  /** The image and the options of its prediction. */
  readonly job: Omit<ImageJob, 'model'>;
  /** Called when the file of the image is no longer needed. */
  readonly release: () => void;
}

export interface ShadowQueue {
  /** Adds an image; drops it if too many are waiting. */
  add(task: ShadowTask): void;
  /** Drops the waiting images; resolves when the running one has ended. */
  close(): Promise<void>;
}

export interface ShadowQueueDeps {
  readonly lane: ShadowLane;
  readonly experiments: Pick<ExperimentStore, 'addShadow'>;
  readonly count: (experimentId: string, counted: Counted) => void;
  readonly metrics: Pick<Metrics, 'shadowed'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Counts of the outcomes. */
const COUNTED: Readonly<Record<ShadowOutcome, readonly Counted[]>> = {
  agree: [{ kind: 'predictions', arm: 'challenger' }, { kind: 'agreed' }],
  disagree: [{ kind: 'predictions', arm: 'challenger' }, { kind: 'differed' }],
  failed: [{ kind: 'errors', arm: 'challenger' }],
  dropped: [{ kind: 'dropped' }],
};

/** Runs challengers on images one at a time, and stores their answers. No request waits for it. */
export function createShadowQueue(deps: ShadowQueueDeps): ShadowQueue {
  const waiting: ShadowTask[] = [];
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  const runAll = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      await runTask(deps, task, closing.signal).finally(task.release);
    }
    running = undefined;
  };
  return {
    add: (task) => {
      if (waiting.length >= QUEUE_MAX || closing.signal.aborted) {
        record(deps, task, 'dropped');
        task.release();
        return;
      }
      waiting.push(task);
      running ??= runAll();
    },
    close: async () => {
      closing.abort();
      for (const task of waiting.splice(0)) task.release();
      await running;
    },
  };
}

/** Runs the challenger on an image; never rejects. A challenger that fails has a wrong answer. */
async function runTask(
  { lane, experiments, logger, ...deps }: ShadowQueueDeps,
  task: ShadowTask,
  signal: AbortSignal,
): Promise<void> {
  const { active, prediction_id, job, predicted_class } = task;
  const model = active.challenger;
  const facts = { prediction_id, experiment_id: active.experiment.experiment_id };
  let answer: Pick<ShadowPrediction, 'predicted_class' | 'confidence' | 'inference_s'>;
  let outcome: ShadowOutcome;
  try {
    const { found, inferenceS } = await lane.predict({ ...job, model }, signal);
    const { class: name, confidence } = predictionOf(found, model.manifest.labels);
    answer = { predicted_class: name, confidence, inference_s: inferenceS };
    outcome = name === predicted_class ? 'agree' : 'disagree';
  } catch (error) {
    if (signal.aborted) return;
    logger.warn({ ...facts, reason: messageOf(error) }, 'challenger failed in the shadow');
    answer = { predicted_class: null, confidence: 0, inference_s: 0 };
    outcome = 'failed';
  }
  record(deps, task, outcome);
  const shadow = { ...facts, model: modelRefOf(model.manifest), ...answer, time: new Date() };
  await experiments.addShadow(shadow).catch((error: unknown) => {
    logger.warn({ ...facts, reason: messageOf(error) }, 'answer of a challenger not stored');
  });
}

function record(
  { metrics, count }: Pick<ShadowQueueDeps, 'metrics' | 'count'>,
  { active: { experiment, challenger } }: ShadowTask,
  outcome: ShadowOutcome,
): void {
  metrics.shadowed(challenger.manifest, outcome);
  for (const counted of COUNTED[outcome]) count(experiment.experiment_id, counted);
}
