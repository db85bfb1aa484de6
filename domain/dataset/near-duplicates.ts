/** Image with a difference hash of 64 bits, in hex, and its day. */
export interface HashedImage {
  readonly sha256: string;
  readonly dhash: string;
  readonly day: string;
}

/** Maximum number of bits in which the hashes of similar images differ. */
const NEAR_BITS = 4;

/** Hex digits of the bands; with one band more than bits that differ, one band of two is equal. */
const BANDS = [
  [0, 4],
  [4, 7],
  [7, 10],
  [10, 13],
  [13, 16],
] as const;

const WORD_DIGITS = 8;

/** Number of bits in which two hashes differ. */
export function hashDistance(a: string, b: string): number {
  return wordDistance(a, b, 0) + wordDistance(a, b, WORD_DIGITS);
}

function wordDistance(a: string, b: string, from: number): number {
  const to = from + WORD_DIGITS;
  let bits = parseInt(a.slice(from, to), 16) ^ parseInt(b.slice(from, to), 16);
  let count = 0;
  for (; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/** Whether two images show nearly the same: their hashes are similar, and they are of one day. */
export function isNear(a: HashedImage, b: HashedImage): boolean {
  return a.day === b.day && hashDistance(a.dhash, b.dhash) <= NEAR_BITS;
}

/** Finds the images of a set that are similar to a given one. */
export interface NearImages<T extends HashedImage> {
  readonly add: (image: T) => void;
  readonly near: (image: HashedImage) => T[];
}

/** Creates an index of images by their day and by each band of their hash. */
export function createNearImages<T extends HashedImage>(images: readonly T[] = []): NearImages<T> {
  const buckets = new Map<string, T[]>();
  const add = (image: T) => {
    for (const key of bandsOf(image)) {
      const bucket = buckets.get(key);
      if (bucket) bucket.push(image);
      else buckets.set(key, [image]);
    }
  };
  for (const image of images) add(image);
  return {
    add,
    near: (image) => {
      const found = new Set(bandsOf(image).flatMap((key) => buckets.get(key) ?? []));
      return [...found].filter((each) => isNear(each, image));
    },
  };
}

function bandsOf({ day, dhash }: HashedImage): string[] {
  return BANDS.map(([from, to], band) => `${day}/${band}/${dhash.slice(from, to)}`);
}
