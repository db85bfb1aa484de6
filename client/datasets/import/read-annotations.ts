import { AppError } from '../../../domain/errors.js';
import { classOfFolder } from '../../../domain/dataset/class-folder.js';
import { type AnnotatedImage, type Annotations, imageOf } from './annotated-image.js';
import type { AnnotationZip } from './annotation-zip.js';
import { splitOfFolders } from './given-parts.js';
import { cocoImages } from './parse-coco.js';
import { yoloImages } from './parse-yolo.js';

const COCO = /(^|\/)annotations\/[^/]+\.json$|^[^/]+\.json$/;
/** Files of Ultralytics, and of Darknet. */
const YOLO_CLASSES = /(^|\/)(data\.ya?ml|obj\.names)$/;
const YOLO_LABELS = /(^|\/)(labels|obj_[^/]+_data)\/.*\.txt$/;

/**
 * Recognises the format of a zip by its files: COCO, YOLO, or images in folders of classes.
 * @throws AppError `INVALID_INPUT` for any other zip.
 */
export function readAnnotations(zip: AnnotationZip): Annotations {
  const coco = zip.names.filter((name) => COCO.test(name));
  if (coco.length > 0) return { task: 'detect', images: cocoImages(zip, coco) };
  const classes = zip.names.find((name) => YOLO_CLASSES.test(name));
  if (classes !== undefined) {
    const labels = zip.names.filter((name) => YOLO_LABELS.test(name));
    return { task: 'detect', images: yoloImages(zip, classes, labels) };
  }
  const images = zip.names.filter((name) => name.includes('/') && imageOf(name) !== undefined);
  if (images.length > 0) return { task: 'classify', images: folderImages(images) };
  throw new AppError(
    'INVALID_INPUT',
    'The zip has no annotations: expected COCO (annotations/*.json), YOLO (data.yaml and labels/, or obj.names and obj_*_data/), or images of an export in folders of classes.',
  );
}

/** Images whose class is the name of their folder. */
async function* folderImages(names: readonly string[]): AsyncGenerator<AnnotatedImage> {
  await Promise.resolve();
  for (const place of names) {
    const folder = place.split('/').at(-2) ?? '';
    const split = splitOfFolders(place.slice(0, place.lastIndexOf('/'))); // above that of the class
    yield { sha256: imageOf(place), place, split, label: classOfFolder(folder) };
  }
}
