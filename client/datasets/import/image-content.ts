import type { ItemContent, Split } from '../../../domain/dataset/dataset-item.js';
import type { DescribeImage } from '../../../domain/dataset/resolve-images.js';
import { sortObjects } from '../../../domain/dataset/verdicts.js';
import { hasCode } from '../../../domain/errors.js';
import { BUCKETS, keys } from '../../../domain/names.js';
import { isInside } from '../../../domain/result/corrected-objects.js';
import type { Bbox, Size } from '../../../domain/result/detection.js';
import type { VidetteClientDeps } from '../../deps.js';
import type { AnnotatedImage } from './annotated-image.js';
import type { PlacedPart } from './given-parts.js';

/** Image of the newest version, or of an earlier import. */
export interface KnownImage {
  readonly size?: Size;
  /** Absent if only another person has imported the image. */
  readonly content?: ItemContent;
  /** Part of the newest version, or of the import of another person, which an import must not change. */
  readonly part?: PlacedPart;
  /** Part that the person has given before. */
  readonly split?: Split | undefined;
}

type Deps = Pick<VidetteClientDeps, 'objects'> & { readonly describeImage: DescribeImage };

/** Returns the content of an image, or why it is skipped. */
export async function contentOf(
  deps: Deps,
  { sha256, size: stated, label, objects = [], inShares, invalid }: AnnotatedImage,
  known: KnownImage | undefined,
): Promise<ItemContent | string> {
  if (invalid !== undefined) return invalid;
  if (sha256 === undefined) return 'its name has no SHA-256 of an exported image';
  const size = known?.size ?? (await sizeOf(deps, sha256));
  if (typeof size === 'string') return size;
  if (label !== undefined) return isClassName(label) ? { label } : 'its class has no name';
  if (stated && (stated.width !== size.width || stated.height !== size.height)) {
    return `it has ${size.width}x${size.height} pixels, not ${stated.width}x${stated.height}`;
  }
  const inPixels = objects.map(({ class: name, box }) => {
    return { class: name, box: toPixels(box, size, inShares ?? false) };
  });
  if (!inPixels.every((object) => isInside(object, size))) return 'a box is not inside the image';
  if (!inPixels.every((object) => isClassName(object.class))) return 'a class has no name';
  return { objects: sortObjects(inPixels) };
}

const CLASS_CHARS = 200;

function isClassName(name: string): boolean {
  return name.length > 0 && name.length <= CLASS_CHARS;
}

/** Returns the size of a stored image, or why it has none. */
async function sizeOf({ objects, describeImage }: Deps, sha256: string): Promise<Size | string> {
  const data = await objects.find(BUCKETS.pictures, keys.image(sha256));
  if (!data) return 'it is not stored';
  try {
    // Frames are copied as displayed and have no orientation.
    return await describeImage(data, false);
  } catch (error) {
    if (hasCode(error, 'DECODE_FAILED') || hasCode(error, 'LIMIT_EXCEEDED')) {
      return 'it cannot be read';
    }
    throw error;
  }
}

/** Pixels by which a rounded box may leave the image. */
const ROUNDED_PIXELS = 0.02;

/** Box in pixels; one that other tools have rounded out of the image ends at its edge. */
function toPixels(
  [xMin, yMin, xMax, yMax]: Bbox,
  { width, height }: Size,
  inShares: boolean,
): Bbox {
  const [w, h] = inShares ? [width, height] : [1, 1];
  const within = (value: number, max: number) => {
    if (value < 0 && value >= -ROUNDED_PIXELS) return 0;
    return value > max && value <= max + ROUNDED_PIXELS ? max : value;
  };
  return [
    within(xMin * w, width),
    within(yMin * h, height),
    within(xMax * w, width),
    within(yMax * h, height),
  ];
}
