import { z } from 'zod';
import { jobInputSchema } from '../../domain/job-input.js';
import type { LocalModel } from '../../domain/ports.js';
import type { Ask } from './see.js';

const { conf, iou, max_det, model } = jobInputSchema.shape;

/** What can be asked of a picture, in the address: the same as of a job. */
export const askSchema = z.object({
  model: model.describe('name or name@version; default: the model in use'),
  conf: z.coerce.number().pipe(conf.unwrap()).default(0.25).describe('least confidence, 0 to 1'),
  iou: z.coerce.number().pipe(iou.unwrap()).default(0.45),
  max_det: z.coerce.number().pipe(max_det.unwrap()).default(300),
});

/** The question of a request with these options. */
export function askOf(
  { conf, iou, max_det }: z.infer<typeof askSchema>,
  model: LocalModel,
  { ffmpeg: { maxPixels } }: { readonly ffmpeg: { readonly maxPixels: number } },
): Ask {
  return { model, maxPixels, options: { conf, iou, maxDetections: max_det } };
}
