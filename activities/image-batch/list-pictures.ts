import { log } from '@temporalio/activity';
import type { ImageBatchDocument, ImageList } from '../../domain/image-batch/image-batch.js';
import {
  encodeShard,
  type ListedImage,
  type ListZip,
} from '../../domain/image-batch/listed-image.js';
import { SHARD_IMAGES } from '../../domain/image-batch/slices.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { findImageList } from './part-store.js';
import { type ListedObject, readSource } from './read-source.js';

export interface ListPicturesDeps {
  readonly objects: ObjectStore;
  readonly listZip: ListZip;
}

type ListPicturesInput = Pick<ImageBatchDocument, 'batch_id' | 'source'>;

/**
 * Writes the list of the images of a batch, once: a batch never changes with its source. The index is
 * written last, so that an interrupted list is written again before any image of it is predicted.
 * @throws AppError `INVALID_INPUT` for a source without images.
 */
export async function listPictures(
  deps: ListPicturesDeps,
  input: ListPicturesInput,
): Promise<ImageList> {
  return withHeartbeat(async (beat) => {
    const stored = await findImageList(deps.objects, input.batch_id);
    return stored ?? writeList(deps, input, beat);
  });
}

async function writeList(
  deps: ListPicturesDeps,
  { batch_id, source }: ListPicturesInput,
  { signal, report }: Beat,
): Promise<ImageList> {
  const shards = createShards(deps.objects, batch_id);
  let ignored = 0;
  for await (const listed of readSource(deps, source, signal)) {
    if (isIgnored(listed)) ignored++;
    else await shards.add(listed);
    report({ images: shards.total });
  }
  await shards.finish();
  if (shards.total === 0) throw noImages(ignored);
  const list: ImageList = { total: shards.total, ignored };
  signal.throwIfAborted();
  await deps.objects.put(BUCKETS.results, keys.imageList(batch_id), JSON.stringify(list));
  log.info('images listed', { batch: batch_id, ...list });
  return list;
}

function isIgnored(listed: ListedObject): listed is { readonly ignored: string } {
  return 'ignored' in listed;
}

/** Writes images in objects of {@link SHARD_IMAGES}. */
function createShards(objects: Pick<ObjectStore, 'put'>, batchId: string) {
  let images: ListedImage[] = [];
  let total = 0;
  const finish = async () => {
    if (images.length === 0) return;
    const shard = Math.floor((total - 1) / SHARD_IMAGES);
    await objects.put(BUCKETS.results, keys.imageShard(batchId, shard), encodeShard(images));
    images = [];
  };
  return {
    get total() {
      return total;
    },
    finish,
    add: async (image: ListedImage) => {
      images.push(image);
      total++;
      if (images.length === SHARD_IMAGES) await finish();
    },
  };
}

function noImages(ignored: number): AppError {
  const others = ignored === 0 ? '' : `, and ${ignored} other objects`;
  return new AppError(
    'INVALID_INPUT',
    `The source has no images (.jpg, .jpeg, .png, .webp, or names without an extension)${others}. Check bucket and prefix, zip or list.`,
  );
}
