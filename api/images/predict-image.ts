import { AppError, messageOf } from '../../domain/errors.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import { ProblemError } from '../http/problem.js';
import type { ImageJob, ImageResult } from './image-job.js';
import type { ImageLanes } from './image-lanes.js';
import { type Prediction, predictionOf } from './prediction.js';
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
