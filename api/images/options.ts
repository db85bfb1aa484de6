import { z } from 'zod';
import { jobInputSchema } from '../../domain/job/job-input.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { PredictRequest } from './predict-image.js';

/** What can be asked of a picture, in the address: the same as of a job. */
export const predictQuery = z.object({
  model: jobInputSchema.shape.model.describe('name or name@version; default: the model in use'),
  conf: z.coerce.number().min(0).max(1).default(0.25).describe('least confidence of an object'),
  iou: z.coerce.number().min(0).max(1).default(0.45).describe('overlap of two boxes of one object'),
  max_det: z.coerce.number().int().min(1).max(10_000).default(300).describe('most objects'),
});

/** The question of a request with these options. */
export function toPredictRequest(
  { conf, iou, max_det }: z.infer<typeof predictQuery>,
  model: LocalModel,
  { ffmpeg: { maxPixels } }: { readonly ffmpeg: { readonly maxPixels: number } },
): PredictRequest {
  return { model, maxPixels, options: { conf, iou, maxDetections: max_det } };
}
