import { z } from 'zod';
import type { Bbox } from '../../../domain/result/detection.js';
import { listProblems } from '../../../domain/schema-problems.js';
import { type AnnotatedImage, type AnnotatedObject, imageOf } from './annotated-image.js';
import { type AnnotationZip, invalidFile } from './annotation-zip.js';
import { splitOfCocoFile, splitOfFolders } from './given-parts.js';

const id = z.union([z.int(), z.string()]);
const cocoSchema = z.object({
  images: z.array(
    z.object({
      id,
      file_name: z.string(),
      width: z.number().nullish(),
      height: z.number().nullish(),
    }),
  ),
  annotations: z.array(
    z.object({
      image_id: id,
      category_id: id,
      bbox: z.array(z.number()).length(4),
      iscrowd: z.union([z.number(), z.boolean()]).nullish(),
    }),
  ),
  categories: z.array(z.object({ id, name: z.string() })),
});

type Coco = z.infer<typeof cocoSchema>;

/** Reads the images of COCO files, each with all of its boxes. */
export async function* cocoImages(
  zip: AnnotationZip,
  names: readonly string[],
): AsyncGenerator<AnnotatedImage> {
  for (const name of names) yield* imagesOf(name, parse(name, await zip.text(name)));
}

function parse(name: string, text: string): Coco {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidFile(name, 'it is not JSON');
  }
  const { data, error } = cocoSchema.safeParse(value);
  if (data) return data;
  throw invalidFile(name, listProblems(error).slice(0, 3).join('; '));
}

function* imagesOf(
  name: string,
  { images, annotations, categories }: Coco,
): Generator<AnnotatedImage> {
  const classes = new Map(categories.map((each) => [each.id, each.name]));
  const byImage = groupByImage(annotations);
  for (const { id: imageId, file_name, width, height } of images) {
    const own = byImage.get(imageId) ?? [];
    const image = {
      ...{ sha256: imageOf(file_name), place: `${name}: ${file_name}` },
      split: splitOfCocoFile(name) ?? splitOfFolders(file_name),
      ...(width != null && height != null && { size: { width, height } }),
    };
    yield own.some(({ iscrowd }) => Boolean(iscrowd))
      ? { ...image, invalid: 'it has a crowd region; mark each object instead' }
      : { ...image, objects: own.map((each) => toObject(name, each, classes)) };
  }
}

function groupByImage(annotations: Coco['annotations']) {
  const groups = new Map<string | number, Coco['annotations']>();
  for (const annotation of annotations) {
    const group = groups.get(annotation.image_id);
    if (group) group.push(annotation);
    else groups.set(annotation.image_id, [annotation]);
  }
  return groups;
}

function toObject(
  name: string,
  { category_id, bbox: [x, y, width, height] }: Coco['annotations'][number],
  classes: ReadonlyMap<string | number, string>,
): AnnotatedObject {
  const className = classes.get(category_id);
  if (className === undefined) {
    throw invalidFile(name, `an annotation has the unknown category_id ${category_id}`);
  }
  return { class: className, box: [x!, y!, x! + width!, y! + height!] satisfies Bbox }; // it has four
}
