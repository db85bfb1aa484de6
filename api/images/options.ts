import { z } from 'zod';
import { jobInputSchema } from '../../domain/job/job-input.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { PredictRequest } from './predict-image.js';

/** Query parameters of image routes; they match the options of a job. */
export const predictQuery = z.object({
  model: jobInputSchema.shape.model.describe('name or name@version; default: the model in use'),
  conf: z.coerce.number().min(0).max(1).default(0.25).describe('minimum confidence of an object'),
  iou: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.45)
    .describe('overlap (IoU) above which two boxes count as one object'),
  max_det: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(300)
    .describe('maximum number of objects'),
});

/** Returns the prediction request for these query parameters. */
export function toPredictRequest(
  { conf, iou, max_det }: z.infer<typeof predictQuery>,
  model: LocalModel,
  { ffmpeg: { maxPixels } }: { readonly ffmpeg: { readonly maxPixels: number } },
): PredictRequest {
  return { model, maxPixels, options: { conf, iou, maxDetections: max_det } };
}
