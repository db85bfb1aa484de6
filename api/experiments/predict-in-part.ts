import { AppError } from '../../domain/errors.js';
import type { Images } from '../images/index.js';
import {
  type ImagePrediction,
  type Keeping,
  predictAndKeep,
  type PredictRequest,
} from '../images/predict-image.js';
import type { RequestFolder } from '../images/request-folder.js';
import type { ImageFile } from '../images/sources.js';
import { ProblemError } from '../http/problem.js';
import type { Participation } from './take-part.js';

/** Prediction of an image that may take part in an experiment. */
export interface ExperimentPrediction extends ImagePrediction {
  /** Undefined outside of an experiment. */
  readonly part?: Participation | undefined;
  /** Runs the challenger after the response; undefined if it does not run on the image. */
  readonly shadow?: ((predictionId: string) => void) | undefined;
}

interface PartRequest {
  readonly file: ImageFile;
  /** Request to the model in use. */
  readonly ask: PredictRequest;
  readonly part: Participation | undefined;
}

/** Predicts an image by the arm of its part, and counts it. */
export async function predictInPart(
  { lanes, keep, experiments }: Pick<Images, 'lanes' | 'keep' | 'experiments'>,
  { file, ask, part }: PartRequest,
  { signal, afterResponse }: Pick<RequestFolder, 'signal' | 'afterResponse'>,
  { auditRate }: Pick<Keeping, 'auditRate'>,
): Promise<ExperimentPrediction> {
  const keeping = { keep, auditRate };
  if (!part) return predictAndKeep(lanes, file, ask, keeping, signal);
  const { model, active } = part;
  try {
    const predicted = await predictAndKeep(lanes, file, { ...ask, model }, keeping, signal);
    experiments.count(part, 'predictions');
    const record = { ...predicted.record, ...part.fields };
    const isShadow = active.experiment.mode === 'shadow';
    if (!isShadow || !(part.isShadowed || record.audit)) return { ...predicted, record, part };
    const shadow = (prediction_id: string) => {
      const { predicted_class } = record;
      const { path, isFrame } = file;
      const { options, maxPixels } = ask;
      const job = { path, isFrame, options, maxPixels };
      const task = { active, prediction_id, predicted_class, job };
      afterResponse((release) => experiments.addShadow({ ...task, release }));
    };
    return { ...predicted, record, part, shadow };
  } catch (error) {
    if (isOfModel(error)) experiments.count(part, 'errors');
    throw error;
  }
}

/** Whether a prediction failed because of its model, and not because of its image or the request. */
function isOfModel(error: unknown): boolean {
  if (error instanceof ProblemError) return error.kind === 'image-failed';
  return error instanceof AppError && MODEL_CODES.has(error.code);
}

const MODEL_CODES: ReadonlySet<AppError['code']> = new Set<AppError['code']>([
  'LANE_LOST',
  'MODEL_INVALID',
  'MODEL_UNAVAILABLE',
]);
