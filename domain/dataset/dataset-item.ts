import { z } from 'zod';
import { described } from '../described.js';
import { SHA256 } from '../names.js';
import type { Bbox } from '../result/detection.js';

/** Parts of a data set: for training, for choosing between training runs, for the final measurement. */
export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Tasks of data sets: objects with boxes, or one class per image. */
export const DATASET_TASKS = ['detect', 'classify'] as const;
export type DatasetTask = (typeof DATASET_TASKS)[number];

/** File name extensions of the images of data sets, by media type. */
export const IMAGE_EXTENSIONS = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
} as const;
export type DatasetMediaType = keyof typeof IMAGE_EXTENSIONS;
const MEDIA_TYPES = Object.keys(IMAGE_EXTENSIONS) as DatasetMediaType[]; // the keys of this record

const sha256 = z.string().regex(SHA256);
/** Hash of examples. */
export const EXAMPLE_SHA256 = '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d';
const pixels = z.int().min(1);

/** Image of an item, stored in the bucket of kept images by its SHA-256. */
export const datasetImageSchema = z.object({
  sha256: described(sha256, 'SHA-256 of the file, in hex.', EXAMPLE_SHA256),
  media_type: described(z.enum(MEDIA_TYPES), 'Media type of the file.'),
  width: described(pixels, 'Width in pixels, as displayed.', 1920),
  height: described(pixels, 'Height in pixels, as displayed.', 1080),
  dhash: described(
    z.string().regex(/^[0-9a-f]{16}$/),
    'Difference hash of 64 bits, in hex: those of similar images differ in few bits.',
    '3c3e1c1878f0e0c1',
  ),
  day: described(
    z.iso.date(),
    'Day of the first prediction or feedback on the image, UTC.',
    '2026-05-04',
  ),
});

/** Object of an item. */
export const datasetObjectSchema = z.object({
  class: described(z.string().min(1), 'Class of the object.', 'person'),
  box: described(
    z
      .array(z.number())
      .length(4)
      .transform(([xMin, yMin, xMax, yMax]): Bbox => [xMin!, yMin!, xMax!, yMax!]), // it has four
    'x1, y1, x2, y2 in pixels of the displayed image.',
    [412, 96, 508, 301],
  ),
});

/** Origin of an item: the prediction of an image, a frame of a job, or an imported file. */
export const itemSourceSchema = z.union([
  z.strictObject({
    prediction_id: described(z.string(), 'Id of the prediction.', '665f1c2e9b1e8a0012345678'),
  }),
  z.strictObject({
    event_id: described(z.string(), 'Id of the job.', 'street-5a0c33de9f21-8bed849eba57'),
    frame_id: described(z.int().min(0), 'Index of the frame in the source.', 35),
  }),
  z.strictObject({
    import: described(sha256, 'SHA-256 of the imported file, in hex.', EXAMPLE_SHA256),
  }),
]);

/** Item of a data set: an image with its class or its objects. */
export const datasetItemSchema = z.object({
  picture: datasetImageSchema,
  group: described(
    z.string().min(1),
    'Images that are similar or of one video; all items of a group are in one part.',
    'street-5a0c33de9f21',
  ),
  split: described(z.enum(SPLITS), 'Part of the data set.'),
  label: described(z.string().min(1).optional(), 'Class of the image; absent for detection.'),
  objects: described(
    z.array(datasetObjectSchema).readonly().optional(),
    'Complete list of objects, empty for none; absent for classification.',
  ),
  source: itemSourceSchema,
  feedback_id: described(z.string(), 'Feedback from which the item was made.'),
  by: described(z.string().nullable(), 'Person of the feedback; null without API keys.', 'ann'),
  time: described(z.iso.datetime(), 'Time of the feedback.', '2026-05-04T09:30:00.000Z'),
});

export type DatasetImage = Readonly<z.output<typeof datasetImageSchema>>;
export type DatasetObject = Readonly<z.output<typeof datasetObjectSchema>>;
export type ItemSource = z.output<typeof itemSourceSchema>;
export type DatasetItem = Readonly<z.output<typeof datasetItemSchema>>;

/** Content of an item: the class of its image, or the complete list of its objects. */
export type ItemContent =
  | { readonly label: string; readonly objects?: undefined }
  | { readonly objects: readonly DatasetObject[]; readonly label?: undefined };

/** Classes of an item: of its image, or of its objects. */
export function classesOfItem({ label, objects = [] }: Pick<DatasetItem, 'label' | 'objects'>) {
  return label === undefined ? objects.map((object) => object.class) : [label];
}

/** Name of the image of an item in exports, by which an import finds it. */
export function imageFileName({ sha256, media_type }: DatasetImage): string {
  return `${sha256}${IMAGE_EXTENSIONS[media_type]}`;
}
