import { z } from 'zod';
import { ensembleOutputSchema } from './ensemble.js';

const tensor = z.string().min(1);
/** Name of the tensor; default: the only output of the file. */
const onlyTensor = tensor.optional();
/** Distance of neighbouring anchors of each grid, in pixels of the model's input. */
const strides = z.array(z.int().min(1)).min(1);
/** Unit of boxes: pixels of the model's input, or shares of its width and height. */
const coordinates = z.enum(['pixels', 'normalised']);
/** Memory order: the values of an anchor are adjacent (`rows`), or the anchors of a value (`columns`). */
const orientation = z.enum(['rows', 'columns']);
/** Masks of a detector's objects: sums of prototypes, weighted by each object's coefficients. */
const masks = z
  .strictObject({
    /** Name of the tensor of prototypes: 1 x coefficients x rows x columns over the whole input. */
    tensor,
    /** Number of coefficients, which follow the other values of an anchor. */
    coefficients: z.int().min(1),
  })
  .optional();

/** Outputs of a model and how they are decoded; one entry for each decoder. */
export const modelOutputSchema = z.discriminatedUnion('family', [
  /** Boxes relative to grids; objectness; confidences. */
  z.strictObject({ family: z.literal('yolox'), tensor: onlyTensor, strides }),
  /** Centre, size, objectness, confidences: YOLOv5, v6 and v7, YOLOX exported with its decoder. */
  z.strictObject({
    family: z.literal('yolov5'),
    tensor: onlyTensor,
    orientation,
    coordinates,
    masks,
  }),
  /** Centre, size, confidences: YOLOv8, v9, v11, v12. */
  z.strictObject({
    family: z.literal('yolov8'),
    tensor: onlyTensor,
    orientation,
    coordinates,
    /** Whether each object has a single box, so that NMS is skipped: RT-DETR as exported by Ultralytics. */
    finished: z.boolean().optional(),
    masks,
  }),
  /** A final list of box, confidence and class: YOLOv10, YOLO26, RT-DETR of Ultralytics. */
  z.strictObject({
    family: z.literal('end-to-end'),
    tensor: onlyTensor,
    /** Two corners (default), or centre and size. */
    box: z.enum(['xyxy', 'cxcywh']).optional(),
    coordinates,
    masks,
  }),
  /** Logits and normalised centre and size of each query: RT-DETR, D-FINE, DETR. */
  z.strictObject({
    family: z.literal('detr'),
    logits: tensor,
    boxes: tensor,
    /**
     * Conversion of logits to confidences; default: sigmoid of each. With `softmax` there is one
     * logit more than labels: the last one means "no object".
     */
    activation: z.literal('softmax').optional(),
  }),
  /** A final list, one tensor for each field: SSD with its NMS, RT-DETR exported with its top-k. */
  z.strictObject({
    family: z.literal('detections'),
    boxes: tensor,
    confidences: tensor,
    classes: tensor,
    /** Tensor with the number of valid rows; default: all rows are valid. */
    count: onlyTensor,
    corners: z.enum(['xyxy', 'yxyx']),
    coordinates,
    /** Class number of the first label. */
    first_class: z.int().min(0).max(1),
  }),
  /** Confidences, and a distribution of the distance of each side: NanoDet. */
  z.strictObject({
    family: z.literal('nanodet'),
    /** One tensor with both for all grids, or a pair of tensors for each grid. */
    tensors: z.union([
      z.strictObject({ joined: onlyTensor }),
      z.strictObject({ confidences: z.array(tensor).min(1), distances: z.array(tensor).min(1) }),
    ]),
    strides,
    /** Position of an anchor in its cell, in shares of the cell. */
    cell_offset: z.number().min(0).max(1),
    /** Number of values of a side's distribution. */
    bins: z.int().min(2),
  }),
  /** A value for each class, for the whole image. */
  z.strictObject({
    family: z.literal('classifier'),
    tensor: onlyTensor,
    /** Last operation of the graph: `softmax` yields probabilities, `none` logits. */
    activation: z.enum(['softmax', 'none']),
  }),
  ensembleOutputSchema,
]);

export type ModelOutput = z.infer<typeof modelOutputSchema>;
/** Output layouts that `models/` decodes. */
export type Family = Exclude<ModelOutput['family'], 'ensemble'>;
/** The output of one family. */
export type OutputOf<F extends Family> = Extract<ModelOutput, { readonly family: F }>;
/** Prototypes of a segmentation model. */
export type MasksOutput = NonNullable<z.infer<typeof masks>>;
/** Tasks of a model. */
export const TASKS = ['detect', 'segment', 'classify'] as const;
export type Task = (typeof TASKS)[number];
export const FAMILIES: readonly Family[] = modelOutputSchema.options
  .map(({ shape }) => shape.family.value)
  .filter((family) => family !== 'ensemble');

/** Returns the task of a model with this output; a detector with masks segments. */
export function taskOf(output: ModelOutput): Task {
  if (output.family === 'classifier') return 'classify';
  if (output.family === 'ensemble') return 'classes' in output.fuse ? 'classify' : 'detect';
  return masksOf(output) ? 'segment' : 'detect';
}

/** Returns the masks of an output; undefined if it has no masks. */
export function masksOf(output: ModelOutput): MasksOutput | undefined {
  return 'masks' in output ? output.masks : undefined;
}

/** Whether models of a task find objects, so that they can run on a video. */
export function findsObjects(task: Task): boolean {
  return task !== 'classify';
}
