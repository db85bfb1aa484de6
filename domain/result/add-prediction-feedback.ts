import type { KeptImages } from '../ports/kept-images.js';
import { expectInside } from './corrected-objects.js';
import type { Feedback, PredictionLog } from './prediction-log.js';

interface Stores {
  readonly log: Pick<PredictionLog, 'find' | 'addFeedback'>;
  readonly keptImages: Pick<KeptImages, 'pin'>;
}

/**
 * Stores feedback on a prediction, and keeps its image indefinitely.
 * @returns false if the prediction does not exist.
 * @throws AppError `INVALID_INPUT` for a box outside the kept image.
 */
export async function addPredictionFeedback(
  { log, keptImages }: Stores,
  feedback: Omit<Feedback, 'time'>,
): Promise<boolean> {
  const prediction = await log.find(feedback.prediction_id);
  if (!prediction) return false;
  const image = prediction.picture;
  if (image) {
    expectInside(feedback.objects ?? [], image);
    await keptImages.pin(image.sha256);
  }
  await log.addFeedback({ ...feedback, time: new Date() });
  return true;
}
