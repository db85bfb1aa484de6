import { z } from 'zod';

const tensor = z.string().min(1);
/** Name of the tensor; the file's only output where it is left out. */
const onlyTensor = tensor.optional();
/** Network pixels between neighbouring anchors of each grid. */
const strides = z.array(z.int().min(1)).min(1);
/** Boxes in pixels of the network's input, or in shares of its width and height. */
const coordinates = z.enum(['pixels', 'normalised']);
/** Whether each anchor's values stand together (rows) or each value's anchors do (columns). */
const orientation = z.enum(['rows', 'columns']);
/** Masks of a detector's objects: sums of the prototypes that each object's coefficients weigh. */
const masks = z
  .strictObject({
    /** Name of the tensor of prototypes: 1 x coefficients x rows x columns over the whole input. */
    tensor,
    /** How many coefficients stand after the other values of an anchor. */
    coefficients: z.int().min(1),
  })
  .optional();

/** Where the outputs of a network are and how they are read; one entry for each decoder. */
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
    /** No two boxes are of one object, so none are suppressed: RT-DETR as Ultralytics exports it. */
    finished: z.boolean().optional(),
    masks,
  }),
  /** A finished list of a box, confidence, class: YOLOv10, YOLO26, Ultralytics' RT-DETR. */
  z.strictObject({
    family: z.literal('end-to-end'),
    tensor: onlyTensor,
    /** Two corners where it is left out, or centre and size. */
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
     * What makes confidences of the logits: each by itself where it is left out; with `softmax`, one
     * logit more than there are labels, of which the last says that there is nothing.
     */
    activation: z.literal('softmax').optional(),
  }),
  /** A finished list in a tensor each: SSD with its NMS, RT-DETR exported with its top-k. */
  z.strictObject({
    family: z.literal('detections'),
    boxes: tensor,
    confidences: tensor,
    classes: tensor,
    /** How many rows are valid; all where it is left out. */
    count: onlyTensor,
    corners: z.enum(['xyxy', 'yxyx']),
    coordinates,
    /** Number of the first label's class. */
    first_class: z.int().min(0).max(1),
  }),
  /** Confidences and the distribution of each side's distance: NanoDet. */
  z.strictObject({
    family: z.literal('nanodet'),
    /** One tensor of both for all grids, or a pair of tensors for each grid. */
    tensors: z.union([
      z.strictObject({ joined: onlyTensor }),
      z.strictObject({ confidences: z.array(tensor).min(1), distances: z.array(tensor).min(1) }),
    ]),
    strides,
    /** Where an anchor stands in its cell, in shares of it. */
    cell_offset: z.number().min(0).max(1),
    /** Values of a side's distribution. */
    bins: z.int().min(2),
  }),
  /** A value for each class of the whole picture. */
  z.strictObject({
    family: z.literal('classifier'),
    tensor: onlyTensor,
    /** What the file ends with: with `softmax` its values are probabilities, else logits. */
    activation: z.enum(['softmax', 'none']),
  }),
]);

export type ModelOutput = z.infer<typeof modelOutputSchema>;
/** Output layouts that `models/` decodes. */
export type Family = ModelOutput['family'];
/** The output of one family. */
export type OutputOf<F extends Family> = Extract<ModelOutput, { readonly family: F }>;
/** Where a segmenting network's prototypes are, and how many there are. */
export type MasksOutput = NonNullable<z.infer<typeof masks>>;
/** What a network is for. */
export const TASKS = ['detect', 'segment', 'classify'] as const;
export type Task = (typeof TASKS)[number];
export const FAMILIES: readonly Family[] = modelOutputSchema.options.map(
  ({ shape }) => shape.family.value,
);

/** What a network with such an output is for: one that segments is a detector with masks. */
export function taskOf(output: ModelOutput): Task {
  if (output.family === 'classifier') return 'classify';
  return masksOf(output) ? 'segment' : 'detect';
}

/** The masks of an output; undefined for one that has none. */
export function masksOf(output: ModelOutput): MasksOutput | undefined {
  return 'masks' in output ? output.masks : undefined;
}

/** Whether a network finds objects, so that it can be run on a video. */
export function findsObjects(task: Task): boolean {
  return task !== 'classify';
}
