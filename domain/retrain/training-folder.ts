import { z } from 'zod';

/** Names of the files in the working folder of a trainer. */
export const TRAINING_FILES = {
  /** Exports of the parts `train` and `val`. */
  dataset: 'dataset',
  /** {@link trainingItemSchema} per line. */
  items: 'dataset/items.jsonl',
  base: 'base.onnx',
  baseManifest: 'base.json',
  params: 'params.json',
  /** Files from which a later attempt continues. */
  checkpoint: 'checkpoint',
  model: 'out/model.onnx',
  labels: 'out/labels.json',
  metrics: 'out/metrics.json',
} as const;

/** Image for a trainer; the test part is never given to it. */
export const trainingItemSchema = z.object({
  /** Path in the folder `dataset`. */
  file: z.string(),
  split: z.enum(['train', 'val']),
  /** Class of the image; absent for detection. */
  label: z.string().optional(),
  /** Complete list of objects, boxes as x1, y1, x2, y2; absent for classification. */
  objects: z
    .array(z.looseObject({ class: z.string(), box: z.array(z.number()).length(4) }))
    .optional(),
});

export type TrainingItem = z.output<typeof trainingItemSchema>;

/** Line on the standard output of a trainer. */
export const trainerLineSchema = z.union([
  z.object({
    step: z.number().min(0),
    of: z.number().min(0),
    loss: z.number().nullish(),
    /** Whether the folder `checkpoint` is to be stored. */
    checkpoint: z.boolean().optional(),
  }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);

export type TrainerLine = z.output<typeof trainerLineSchema>;

/** Step of a training; the loss is null before it is known. */
export interface TrainingStep {
  readonly step: number;
  readonly of: number;
  readonly loss: number | null;
}

/** Scores that a trainer may report, by name. */
export const metricsSchema = z.record(z.string().max(100), z.number().nullable());

export const labelsSchema = z.array(z.string().min(1)).min(1);
