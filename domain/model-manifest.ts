import { z } from 'zod';
import { isId } from './names.js';

/** Output layouts that `models/` decodes. */
export const FAMILIES = ['yolox', 'yolov8'] as const;

/** What is known of a detector: its quirks are data here, never branches on its name. */
export const modelManifestSchema = z.strictObject({
  name: z.string().refine(isId, 'expected a model name of letters, digits, "_" or "-"'),
  version: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: z.int().min(1),
  family: z.enum(FAMILIES),
  input: z.strictObject({
    /** Size in pixels that the network takes, batch 1, NCHW, float32. */
    width: z.int().min(1),
    height: z.int().min(1),
    channels: z.enum(['rgb', 'bgr']),
    /** Factor on each value of 0 to 255. */
    scale: z.number().positive(),
    letterbox: z.strictObject({
      anchor: z.enum(['top-left', 'center']),
      /** Value of the border, 0 to 255, before the factor. */
      fill: z.int().min(0).max(255),
    }),
  }),
  labels: z.array(z.string().min(1)).min(1),
  licence: z.string().min(1),
  source: z.string().min(1),
});

export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** A model as events and results name it. */
export interface ModelRef {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
}

/** The part of a manifest that identifies the model. */
export function modelRefOf({ name, version, sha256 }: ModelManifest): ModelRef {
  return { name, version, sha256 };
}
