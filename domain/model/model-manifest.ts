import { z } from 'zod';
import { AppError } from '../errors.js';
import { listProblems } from '../schema-problems.js';
import type { EnsembleMember } from './ensemble.js';
import { modelOutputSchema, taskOf, TASKS } from './model-output.js';
import { isDataFile, isId } from '../names.js';
import { RESIZE_KERNELS } from './content-size.js';

const positive = z.int().min(1);
/** One number for each channel, in the order of the model's channels. */
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** Default: lanczos3 for images, bilinear for decoded frames of videos. */
const kernel = z.enum(RESIZE_KERNELS).optional();

/** Resizing of a frame to the model's input. */
const resizeSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    /** Fits the frame into the input and fills the border. */
    mode: z.literal('letterbox'),
    anchor: z.enum(['top-left', 'center']),
    /** Value of the border, 0 to 255, before it is scaled. */
    fill: z.int().min(0).max(255),
    /** Conversion of the resized frame's fractional size to pixels. */
    rounding: z.enum(['truncate', 'round']),
    kernel,
  }),
  /** Scales to the input's size without keeping the aspect ratio. */
  z.strictObject({ mode: z.literal('stretch'), kernel }),
  /** Scales the shorter side to a length, then crops the centre. */
  z.strictObject({
    mode: z.literal('center-crop'),
    /** That length in pixels, at least the input's sides; default: the smallest that covers them. */
    shorter_side: positive.optional(),
    kernel,
  }),
  /** Keeps the size of the frame: the input of an ensemble, whose members resize it themselves. */
  z.strictObject({ mode: z.literal('none') }),
]);

const inputSchema = z
  .strictObject({
    /** Name of the tensor; default: the only input of the file. */
    tensor: z.string().min(1).optional(),
    /** Size of the model's input in pixels. */
    width: positive,
    height: positive,
    channels: z.enum(['rgb', 'bgr']),
    /** `chw` has no batch dimension. */
    layout: z.enum(['nchw', 'nhwc', 'chw']),
    dtype: z.enum(['float32', 'float16', 'uint8']),
    /** The model receives (value * scale - mean) / std for each value of 0 to 255. */
    scale: z.number().positive(),
    mean: perChannel,
    std: perChannel.refine((std) => std.every((value) => value > 0), 'expected numbers above 0'),
    resize: resizeSchema,
    /** A second input for the input's width and height, of models that scale boxes themselves. */
    size_tensor: z
      .strictObject({ tensor: z.string().min(1), dtype: z.enum(['int64', 'float32']) })
      .optional(),
  })
  .refine(
    ({ dtype, scale, mean, std }) =>
      dtype !== 'uint8' ||
      (scale === 1 && mean.every((value) => value === 0) && std.every((value) => value === 1)),
    'an input of bytes is not normalised: expected scale 1, mean 0, std 1',
  )
  .refine(
    ({ resize, width, height }) =>
      resize.mode !== 'center-crop' || (resize.shorter_side ?? Infinity) >= Math.max(width, height),
    'expected a shorter side of at least the width and the height of the input',
  );

/** External data of the ONNX file (weights), by the name in the ONNX file. */
const dataFileSchema = z.strictObject({
  name: z.string().refine(isDataFile, 'expected a plain path inside the folder of the model'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: z.int().min(0),
});

/** Version of an MLflow registry of which a model is a copy. */
const mlflowSchema = z.strictObject({
  /** Name in MLflow, which may differ from that in the catalogue. */
  name: z.string().min(1),
  version: positive,
  /** Run that logged the model; empty if it was registered without one. */
  run_id: z.string(),
  model_id: z.string().min(1).optional(),
  /** URI of its artifacts. */
  source: z.string(),
});

/** Retraining that made a model. */
const trainedSchema = z.strictObject({
  retrain_id: z.string().min(1),
  /** Version of the data set that it was trained with. */
  dataset: z.strictObject({
    name: z.string().min(1),
    version: positive,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

const fields = z.strictObject({
  name: z.string().refine(isId, 'expected a model name of letters, digits, "_" or "-"'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: positive,
  /** Data files sorted by name; missing if the model is a single file. */
  files: z.array(dataFileSchema).min(1).optional(),
  task: z.enum(TASKS),
  input: inputSchema,
  output: modelOutputSchema,
  labels: z.array(z.string().min(1, 'expected a label that is not empty')).min(1),
  licence: z.string().min(1, 'expected a licence that is not empty'),
  source: z.string().min(1, 'expected a source that is not empty'),
  /** The version has the number that it has in MLflow. */
  mlflow: mlflowSchema.optional(),
  /** Missing if the model was not made by a retraining. */
  trained: trainedSchema.optional(),
});

const matchesTask = ({ task, output }: Pick<z.infer<typeof fields>, 'task' | 'output'>) =>
  task === taskOf(output);
const TASK_MISMATCH = {
  path: ['task'],
  message:
    'expected "classify" for a classifier, "segment" for a detector with masks, "detect" for others',
};

const matchesResize = ({ input, output }: Pick<z.infer<typeof fields>, 'input' | 'output'>) =>
  (input.resize.mode === 'none') === (output.family === 'ensemble');
const RESIZE_MISMATCH = {
  path: ['input', 'resize', 'mode'],
  message: 'expected "none" for an ensemble, another mode for other models',
};

/** Manifest of a model. Its peculiarities are data here, never branches on its name. */
export const modelManifestSchema = fields
  .extend({ version: positive })
  .refine(matchesTask, TASK_MISMATCH)
  .refine(matchesResize, RESIZE_MISMATCH);

/** Manifest without a version, which the catalogue assigns. */
export const unpublishedManifestSchema = fields
  .refine(matchesTask, TASK_MISMATCH)
  .refine(matchesResize, RESIZE_MISMATCH);

/**
 * Checks a manifest that is to be published.
 * @throws AppError `MODEL_INVALID` that names each invalid field.
 */
export function expectManifest(manifest: Omit<ModelManifest, 'version'>): void {
  const { error } = modelManifestSchema.safeParse({ ...manifest, version: 1 });
  if (!error) return;
  throw new AppError(
    'MODEL_INVALID',
    `The manifest of model ${JSON.stringify(manifest.name)} is invalid: ${listProblems(error).join('; ')}`,
    { model: manifest.name },
  );
}

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type ModelDataFile = z.infer<typeof dataFileSchema>;
export type ModelInput = ModelManifest['input'];

/** Identity of a model in events and results. */
export interface ModelRef {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
  /** Models whose results an ensemble combines; absent for other models. */
  readonly members?: readonly EnsembleMember[];
}

/** Returns the part of a manifest that identifies the model. */
export function modelRefOf({ name, version, sha256, output }: ModelManifest): ModelRef {
  const members = output.family === 'ensemble' && { members: output.members };
  return { name, version, sha256, ...members };
}
