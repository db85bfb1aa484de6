import { z } from 'zod';
import { described } from '../../domain/described.js';
import { jobInputSchema } from '../../domain/job/job-input.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { PredictRequest } from './predict-image.js';

/** Query parameters of image routes; they match the options of a job. */
export const predictQuery = z.object({
  model: described(
    jobInputSchema.shape.model,
    'Model as name (newest version), name@version, name@alias or models:/name/latest. Default: the model in use.',
    'yolox_nano@1',
  ),
  conf: described(
    z.coerce.number().min(0).max(1).default(0.25),
    'Minimum confidence of an object.',
    0.25,
  ),
  iou: described(
    z.coerce.number().min(0).max(1).default(0.45),
    'Overlap (IoU) above which two boxes of a class count as one object.',
    0.45,
  ),
  max_det: described(
    z.coerce.number().int().min(1).max(10_000).default(300),
    'Maximum number of objects.',
    300,
  ),
});

/** Returns the prediction request for these query parameters. */
export function toPredictRequest(
  { conf, iou, max_det }: z.infer<typeof predictQuery>,
  model: LocalModel,
  { ffmpeg: { maxPixels } }: { readonly ffmpeg: { readonly maxPixels: number } },
): PredictRequest {
  return { model, maxPixels, options: { conf, iou, maxDetections: max_det } };
}
