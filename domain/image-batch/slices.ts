/** Number of images of a shard, which is one object of the list and one run of the workflow. */
export const SHARD_IMAGES = 10_000;

/** Number of images of a slice, which is one activity and one part of the table. */
export const SLICE_IMAGES = 256;

const SLICES_PER_SHARD = Math.ceil(SHARD_IMAGES / SLICE_IMAGES);

/** Place of a slice: `[from, to)` are indices within the shard. */
export interface SlicePlace {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
}

/** Number of shards of a list. */
export function countShards(images: number): number {
  return Math.ceil(images / SHARD_IMAGES);
}

/** Slices `[from, to)` of a shard of a list of this many images. */
export function slicesOfShard(images: number, shard: number): { from: number; to: number } {
  const inShard = Math.min(SHARD_IMAGES, images - shard * SHARD_IMAGES);
  const from = shard * SLICES_PER_SHARD;
  return { from, to: from + Math.ceil(inShard / SLICE_IMAGES) };
}

/** Number of slices of a list. */
export function countSlices(images: number): number {
  return images === 0 ? 0 : slicesOfShard(images, countShards(images) - 1).to;
}

/** Place of a slice in a list of this many images. */
export function placeOfSlice(images: number, slice: number): SlicePlace {
  const shard = Math.floor(slice / SLICES_PER_SHARD);
  const from = (slice % SLICES_PER_SHARD) * SLICE_IMAGES;
  const inShard = Math.min(SHARD_IMAGES, images - shard * SHARD_IMAGES);
  return { shard, from, to: Math.min(from + SLICE_IMAGES, inShard) };
}
