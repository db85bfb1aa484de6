import { AppError } from '../domain/errors.js';
import { findsObjects, taskOf } from '../domain/model/model-output.js';
import type { Detector } from '../models/detector.js';
import { loadClassifier, loadDetector } from '../models/load-model.js';
import { type TaskModel, taskOfClassifier, taskOfDetector } from '../models/open-for-task.js';
import { createMutex, type Mutex } from '../models/session/mutex.js';
import type { ModelOptions } from '../models/session/running-model.js';
import { detectRange, type DetectRangeOptions } from './detect-range.js';
import type { FrameReaderDeps } from './frame-reader.js';
import { type ImageLimits, predictImages } from './predict-images.js';
import type { WorkerJob, WorkerResult } from './worker-lanes.js';

/** Loaded model of a lane. */
export interface LaneModel {
  readonly task: TaskModel;
  /** Undefined for a classifier, which runs on images only. */
  readonly detector?: Detector;
  /** Turns of the ranges that are inferred. */
  readonly inTurn: Mutex;
}

/** Loads a model or an ensemble of any task. */
export async function openLaneModel(options: ModelOptions): Promise<LaneModel> {
  const inTurn = createMutex();
  if (!findsObjects(taskOf(options.manifest.output))) {
    return { inTurn, task: taskOfClassifier(await loadClassifier(options)) };
  }
  const detector = await loadDetector(options);
  return { inTurn, detector, task: taskOfDetector(detector) };
}

export interface LaneDeps extends FrameReaderDeps {
  readonly limits: ImageLimits;
  readonly model: LaneModel;
}

/** Runs a job of a lane. @throws AppError `INVALID_INPUT` for a range and a classifier. */
export async function runLaneJob(
  { limits, model: { task, detector, inTurn }, ...deps }: LaneDeps,
  job: WorkerJob,
  options: DetectRangeOptions,
): Promise<WorkerResult> {
  if ('images' in job) return predictImages({ ...deps, limits, task }, job, options);
  if (detector) return detectRange({ ...deps, detector, inTurn }, job, options);
  const { name, version } = job.model.manifest;
  throw new AppError(
    'INVALID_INPUT',
    `Model ${name}@${version} is a classifier and cannot run on a video. Name a detector.`,
  );
}
