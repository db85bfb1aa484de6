import { log } from '@temporalio/activity';
import type {
  ImagePartCounts,
  PredictPicturesInput,
} from '../../domain/image-batch/image-batch.js';
import { countImagePart, type ImageRow, imageRowOf } from '../../domain/image-batch/image-row.js';
import { decodeShard } from '../../domain/image-batch/listed-image.js';
import { placeOfSlice } from '../../domain/image-batch/slices.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ImageLanes, NumberedImage } from '../../domain/ports/lanes.js';
import type { ModelFiles } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { encodeImagePart, findImagePart } from './part-store.js';
import { predictIsolated } from './predict-isolated.js';

export interface PredictPicturesDeps {
  readonly objects: ObjectStore;
  readonly scratch: Scratch;
  readonly models: ModelFiles;
  readonly lanes: ImageLanes;
}

/** Predicts on the images of one slice and stores their rows as its part; an existing part is reused. */
export async function predictPictures(
  deps: PredictPicturesDeps,
  input: PredictPicturesInput,
): Promise<ImagePartCounts> {
  return withHeartbeat(async (beat) => {
    const { batch_id, slice } = input;
    const stored = await findImagePart(deps.objects, batch_id, slice);
    const rows = stored?.rows ?? (await predictSlice(deps, input, beat));
    const { images, failed, example } = countImagePart(rows);
    log.info('images predicted', { batch: batch_id, slice, images, failed });
    return { images, failed, ...(example && { example }) };
  });
}

async function predictSlice(
  { objects, scratch, models, lanes }: PredictPicturesDeps,
  input: PredictPicturesInput,
  { signal, report }: Beat,
): Promise<ImageRow[]> {
  const model = await models.fetch(input.model);
  const images = await readSlice(objects, input);
  const { bucket, conf } = input;
  const { images: found } = await scratch.attempt(0, (folder) =>
    predictIsolated(
      lanes,
      { model, folder, bucket, images, conf },
      { signal, onFrames: (done) => report({ images: done }) },
    ),
  );
  const rows = images.map((image, i) => imageRowOf(image, found[i]!, model.manifest.labels));
  signal.throwIfAborted();
  const part = keys.imagePart(input.batch_id, input.slice);
  await objects.put(BUCKETS.results, part, encodeImagePart(rows));
  return rows;
}

/** Reads the images of a slice from the list. */
async function readSlice(
  objects: Pick<ObjectStore, 'get'>,
  { batch_id, total, slice }: PredictPicturesInput,
): Promise<NumberedImage[]> {
  const { shard, from, to } = placeOfSlice(total, slice);
  const data = await objects.get(BUCKETS.results, keys.imageShard(batch_id, shard));
  const images = decodeShard(data).slice(from, to);
  if (images.length === to - from) return images.map((image, number) => ({ ...image, number }));
  throw new AppError(
    'INCOMPLETE_RESULT',
    `Shard ${shard} of the list of batch ${batch_id} ends before image ${to}. Delete the batch and start it again.`,
  );
}
