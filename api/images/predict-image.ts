import { AppError, messageOf } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { isAudited } from '../../domain/result/audit-sample.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { type Prediction, predictionOf } from '../../domain/result/image-prediction.js';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import { ProblemError } from '../http/problem.js';
import type { ImageJob, ImageResult } from './image-job.js';
import type { ImageLanes } from './image-lanes.js';
import type { KeepImage } from './keep-image.js';
import type { ImageFile } from './sources.js';

/** Model and options of a prediction. */
export type PredictRequest = Pick<ImageJob, 'model' | 'options' | 'maxPixels' | 'cut'>;

/** Prediction of an image. */
export interface ImagePrediction {
  readonly result: ImageResult;
  readonly prediction: Prediction;
  /** Entry of the prediction log. */
  readonly record: ImagePredictionRecord;
}

/** Settings of the images that are kept. */
export interface Keeping {
  readonly keep: KeepImage;
  /** Share of the kept images whose predictions are audited. */
  readonly auditRate: number;
}

/**
 * Predicts an image and keeps it at the same time. The image of a prediction that fails is removed
 * like any other that is unused.
 */
export async function predictAndKeep(
  lanes: ImageLanes,
  file: ImageFile,
  ask: PredictRequest,
  { keep, auditRate }: Keeping,
  signal: AbortSignal,
): Promise<ImagePrediction> {
  const keeping = keep(file, signal);
  // Settled before the request's folder is removed.
  const predicted = await predictImage(lanes, file, ask, signal).finally(() => keeping);
  if (!(await keeping)) return predicted;
  const { sha256 } = file;
  const { size } = predicted.result;
  const image = { bucket: BUCKETS.pictures, key: keys.image(sha256), sha256, ...size };
  const audit = isAudited(sha256, auditRate) && { audit: true as const };
  return { ...predicted, record: { ...predicted.record, picture: image, ...audit } };
}

/** Runs a model on an image. @throws ProblemError or AppError with the name of the image. */
export async function predictImage(
  lanes: ImageLanes,
  { path, md5, isFrame, displayName }: ImageFile,
  ask: PredictRequest,
  signal: AbortSignal,
): Promise<ImagePrediction> {
  try {
    const result = await lanes.predict({ ...ask, path, isFrame }, signal);
    const prediction = predictionOf(result.found, ask.model.manifest.labels);
    return { result, prediction, record: recordOf(md5, ask.model, result, prediction) };
  } catch (error) {
    throw withImageName(displayName, error);
  }
}

function recordOf(
  md5: string,
  { manifest }: LocalModel,
  { found, inferenceS }: ImageResult,
  prediction: Prediction,
): ImagePredictionRecord {
  return {
    image_hash: md5,
    predicted_class: prediction.class,
    confidence: prediction.confidence,
    prediction_time: inferenceS,
    model: modelRefOf(manifest),
    time: new Date(),
    ...(found.kind === 'objects' && { objects: found.objects }),
  };
}

/** Adds the name of the image to an error of the image; returns other errors unchanged. */
function withImageName(called: string, error: unknown): unknown {
  if (error instanceof ProblemError && error.kind === 'image-failed') {
    return new ProblemError(error.kind, `${called} cannot be processed: ${error.message}.`);
  }
  if (!(error instanceof AppError)) return error;
  if (error.code === 'LIMIT_EXCEEDED') {
    return new AppError(error.code, `${called} is too large. ${error.message}`, error.facts);
  }
  if (error.code !== 'DECODE_FAILED') return error;
  // Further lines of a library's message are noise.
  const [reason] = messageOf(error).split('\n');
  return new ProblemError('bad-image', `${called} cannot be decoded: ${reason}.`);
}
