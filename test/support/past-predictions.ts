import { join } from 'node:path';
import pMap from 'p-map';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createPredictionLog } from '../../adapters/store/mongo-prediction-log.js';
import { readConfig } from '../../config/index.js';
import { sha256 } from '../../domain/hash.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import { CLIP_KINDS, type ClipKind, makeClip } from './clips.js';
import type { ConnectedStack } from './connected-stack.js';
import { CITY, ROAD, writeConstantDetector } from './constant-detectors.js';
import { plainImage } from './plain-image.js';

export const PAST_CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 600,
};
/** Sampling interval of the past job on the clip. */
export const PAST_EVERY = 2;

/**
 * Publishes the models `city` and `road`, runs the job `past` of `city` on the video `clip`, and logs
 * predictions of `city` on kept images, the first of which has been removed.
 */
export async function makePast(stack: ConnectedStack, images: number): Promise<void> {
  const registry = createModelRegistry(stack.objects);
  for (const detector of [CITY, ROAD]) {
    const { path, manifest } = await writeConstantDetector(stack.folder, detector);
    await registry.publish(path, manifest);
  }
  await keepImages(stack, images);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(PAST_CLIP, path);
  await stack.putVideo('clip', path);
  const job = { video_id: 'clip', event_id: 'past', model: 'city', every: PAST_EVERY } as const;
  await stack.run({ ...job, frames: 'none' });
}

async function keepImages({ settings, objects }: ConnectedStack, count: number): Promise<void> {
  const model = modelRefOf(await createModelRegistry(objects).resolve('city'));
  const numbers = Array.from({ length: count }, (_, i) => i);
  const keep = async (number: number): Promise<ImagePredictionRecord> => {
    const image = await plainImage(number);
    const hash = sha256(image);
    const place = { bucket: BUCKETS.pictures, key: keys.image(hash) };
    if (number > 0) await objects.put(place.bucket, place.key, image);
    return {
      ...{ image_hash: hash.slice(0, 32), prediction_time: 0.01, time: new Date(), model },
      ...{ predicted_class: 'car', confidence: 0.8 },
      picture: { ...place, sha256: hash, width: 16, height: 12 },
      objects: [
        { class: 'car', box: [4, 3, 12, 9], conf: 0.8 },
        { class: 'person', box: [2, 1, 4, 3], conf: 0.6 },
      ],
    };
  };
  const records = await pMap(numbers, keep, { concurrency: 8 });
  const log = createPredictionLog(readConfig(settings).documentStore.uri, 10_000);
  // Of several predictions of an image, the newest one counts.
  for (const added of [records, records.slice(-1)]) await log.add(added);
  await log.close();
}
