import type { Split } from '../../../domain/dataset/dataset-item.js';
import { AppError } from '../../../domain/errors.js';
import type { Annotations } from './annotated-image.js';

/** Names of parts in files and folders, also with the year of COCO, such as `val2017`. */
const PART = /^(train|training|val|valid|validation|test|testing)(\d{4})?$/;
const SPLIT_OF: Readonly<Record<string, Split>> = {
  ...{ train: 'train', training: 'train', test: 'test', testing: 'test' },
  ...{ val: 'val', valid: 'val', validation: 'val' },
};

/** Returns the part that a word names. @example splitOfWord('val2017') // 'val' */
function splitOfWord(word: string): Split | undefined {
  const name = PART.exec(word)?.[1];
  return name === undefined ? undefined : SPLIT_OF[name];
}

/** Returns the part that a folder of a path names. @example splitOfFolders('labels/train/a.txt') // 'train' */
export function splitOfFolders(path: string): Split | undefined {
  const folders = path.split('/').slice(0, -1);
  return folders.map(splitOfWord).find((split) => split !== undefined);
}

/** Returns the part that a file of COCO names. @example splitOfCocoFile('annotations/instances_val.json') // 'val' */
export function splitOfCocoFile(path: string): Split | undefined {
  const name = path
    .split('/')
    .at(-1)!
    .replace(/\.json$/, '');
  return splitOfWord(name.split('_').at(-1)!);
}

/** Part of an image, and where it is stated. */
export interface PlacedPart {
  readonly split: Split;
  readonly place: string;
}

/** Number of images that an error lists. */
const LISTED = 5;

/**
 * Checks that the zip gives each image one part, which is the one that it has elsewhere.
 * @param elsewhere returns the part of an image in the newest version, or in the import of another person
 * @throws AppError `INVALID_INPUT` with the images that are in two parts.
 */
export async function checkParts(
  { images }: Annotations,
  elsewhere: (sha256: string) => PlacedPart | undefined,
): Promise<void> {
  const parts = new Map<string, PlacedPart>();
  const conflicts = new Map<string, string>();
  for await (const { sha256, split, place } of images) {
    if (sha256 === undefined || split === undefined) continue;
    for (const other of [parts.get(sha256), elsewhere(sha256)]) {
      if (!other || other.split === split || conflicts.has(sha256)) continue;
      conflicts.set(sha256, `${place} (${split}) is in part ${other.split} of ${other.place}`);
    }
    if (!parts.has(sha256)) parts.set(sha256, { split, place: `the zip (${place})` });
  }
  if (conflicts.size > 0) throw inTwoParts([...conflicts.values()]);
}

function inTwoParts(conflicts: readonly string[]): AppError {
  const more = conflicts.length - LISTED;
  const listed = conflicts.slice(0, LISTED).join('; ');
  const count = conflicts.length === 1 ? '1 image is' : `${conflicts.length} images are`;
  return new AppError(
    'INVALID_INPUT',
    `${count} in two parts, and nothing was imported: ${listed}${more > 0 ? `; and ${more} more` : ''}. Move each to one part, or import without the parts of the zip (--ignore-parts, parts=ignore).`,
    { images: conflicts.length },
  );
}
