import { z } from 'zod';
import { modelOutputSchema, taskOf, TASKS } from './model-output.js';
import { isDataFile, isId } from '../names.js';

const positive = z.int().min(1);
/** One number for each channel of the network, in the network's order. */
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** How a frame is brought to the size of the network's input. */
const resizeSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    /** As large as the input holds it, with a border. */
    mode: z.literal('letterbox'),
    anchor: z.enum(['top-left', 'center']),
    /** Value of the border, 0 to 255, before it is scaled. */
    fill: z.int().min(0).max(255),
    /** What becomes of the resized frame's part of a pixel. */
    rounding: z.enum(['truncate', 'round']),
  }),
  /** To the size of the input, whatever the frame's shape. */
  z.strictObject({ mode: z.literal('stretch') }),
  /** The shorter side to a length, then the middle of the frame: what stands out is cut off. */
  z.strictObject({
    mode: z.literal('center-crop'),
    /** That length in pixels, at least the input's sides; as small as it covers them without. */
    shorter_side: positive.optional(),
  }),
]);

const inputSchema = z
  .strictObject({
    /** Name of the tensor; the file's only input where it is left out. */
    tensor: z.string().min(1).optional(),
    /** Size in pixels that the network is run with, batch 1. */
    width: positive,
    height: positive,
    channels: z.enum(['rgb', 'bgr']),
    /** `chw` is a picture that is in no batch. */
    layout: z.enum(['nchw', 'nhwc', 'chw']),
    dtype: z.enum(['float32', 'float16', 'uint8']),
    /** The network is given (value * scale - mean) / std of each value of 0 to 255. */
    scale: z.number().positive(),
    mean: perChannel,
    std: perChannel.refine((std) => std.every((value) => value > 0), 'expected numbers above 0'),
    resize: resizeSchema,
    /** A second input that is given the input's width and height, for networks that scale boxes. */
    size_tensor: z
      .strictObject({ tensor: z.string().min(1), dtype: z.enum(['int64', 'float32']) })
      .optional(),
  })
  .refine(
    ({ dtype, scale, mean, std }) =>
      dtype !== 'uint8' ||
      (scale === 1 && mean.every((value) => value === 0) && std.every((value) => value === 1)),
    'an input of bytes is given as it is: scale 1, mean 0, std 1',
  )
  .refine(
    ({ resize, width, height }) =>
      resize.mode !== 'center-crop' || (resize.shorter_side ?? Infinity) >= Math.max(width, height),
    'the shorter side of a centre crop is at least the width and the height of the input',
  );

/** A file beside the ONNX file that holds weights of it, by the name that the ONNX file gives it. */
const dataFileSchema = z.strictObject({
  name: z.string().refine(isDataFile, 'expected a plain path inside the folder of the model'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: z.int().min(0),
});

const fields = z.strictObject({
  name: z.string().refine(isId, 'expected a model name of letters, digits, "_" or "-"'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size_bytes: positive,
  /** Its data files, in the order of their names; left out where it is one file. */
  files: z.array(dataFileSchema).min(1).optional(),
  task: z.enum(TASKS),
  input: inputSchema,
  output: modelOutputSchema,
  labels: z.array(z.string().min(1)).min(1),
  licence: z.string().min(1),
  source: z.string().min(1),
});

const isOfItsTask = ({ task, output }: Pick<z.infer<typeof fields>, 'task' | 'output'>) =>
  task === taskOf(output);
const OF_ITS_TASK = {
  path: ['task'],
  message:
    'expected "classify" for a classifier, "segment" for a detector with masks, "detect" for others',
};

/** What is known of a network: its quirks are data here, never branches on its name. */
export const modelManifestSchema = fields
  .extend({ version: positive })
  .refine(isOfItsTask, OF_ITS_TASK);

/** A manifest before the catalogue has given it a version. */
export const unpublishedManifestSchema = fields.refine(isOfItsTask, OF_ITS_TASK);

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type ModelDataFile = z.infer<typeof dataFileSchema>;
export type ModelInput = ModelManifest['input'];

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
