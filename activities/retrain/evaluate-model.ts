import { join } from 'node:path';
import { log } from '@temporalio/activity';
import pMap from 'p-map';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import type { ImageFindings } from '../../domain/image-batch/image-row.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ImageLanes, NumberedImage } from '../../domain/ports/lanes.js';
import type { LocalModel, ModelFiles } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { EvaluatedModel, EvaluateModelInput } from '../../domain/retrain/retrain.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { predictIsolated } from '../image-batch/predict-isolated.js';
import { answerOf, isFailed, testConfidenceOf } from './test-answers.js';

export interface EvaluateModelDeps {
  readonly objects: ObjectStore;
  readonly datasets: Pick<DatasetStore, 'items'>;
  readonly models: ModelFiles;
  readonly lanes: ImageLanes;
  readonly scratch: Pick<Scratch, 'attempt'>;
}

/** Number of images that are predicted at a time. */
const CHUNK = 16;
/** Images that are looked up at the same time. */
const CONCURRENCY = 8;
/** Minimum number of chunks whose time is measured. */
const MIN_TIMES = 5;

/** Runs a model on the test part of a data set, and stores an answer per image. */
export async function evaluateModel(
  deps: EvaluateModelDeps,
  input: EvaluateModelInput,
): Promise<EvaluatedModel> {
  return withHeartbeat((beat) =>
    deps.scratch.attempt(0, async (folder) => {
      const items = await readTestItems(deps.datasets, input);
      const model = await openModel(deps, input, folder);
      const images = await locateImages(deps.objects, items);
      const { task } = input;
      const job = { model, folder, images, conf: testConfidenceOf(task) };
      const { found, ms } = await predictAll(deps.lanes, job, beat);
      const { labels } = model.manifest;
      const answers = items.map((item, i) => answerOf(task, item, found[i]!, labels));
      const key = keys.evaluation(input.retrain_id, input.model.sha256);
      const lines = answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
      await deps.objects.put(BUCKETS.results, key, lines);
      const failed = answers.filter(isFailed).length;
      log.info('model evaluated', { retrain_id: input.retrain_id, images: items.length, failed });
      return { key, images: items.length, failed, ms_per_image: ms };
    }),
  );
}

async function readTestItems(
  datasets: Pick<DatasetStore, 'items'>,
  { dataset }: EvaluateModelInput,
): Promise<DatasetItem[]> {
  const items = await Array.fromAsync(datasets.items(dataset));
  return items.filter(({ split }) => split === 'test');
}

/** Provides the model on this host: a version of the catalogue, or a trained model. */
async function openModel(
  { objects, models }: EvaluateModelDeps,
  { retrain_id, model }: EvaluateModelInput,
  folder: string,
): Promise<LocalModel> {
  if (!('manifest' in model)) return models.fetch(model);
  const path = join(folder, 'model.onnx');
  await objects.getFile(BUCKETS.results, keys.trainedModel(retrain_id), path);
  return { manifest: { ...model.manifest, version: 1 }, path };
}

/** Reads the size and etag of each image; one that is no longer stored has none. */
function locateImages(
  objects: Pick<ObjectStore, 'stat'>,
  items: readonly DatasetItem[],
): Promise<NumberedImage[]> {
  const locate = async ({ picture: image }: DatasetItem, number: number) => {
    const key = keys.image(image.sha256);
    const found = await objects.stat(BUCKETS.pictures, key);
    return { key, number, etag: found?.etag ?? null, size: found?.size ?? 0 };
  };
  return pMap(items, locate, { concurrency: CONCURRENCY });
}

interface TestJob {
  readonly model: LocalModel;
  readonly folder: string;
  readonly images: readonly NumberedImage[];
  readonly conf: number;
}

/**
 * Predicts in chunks. The time of an image is the CPU time of the fastest one, which depends less on
 * other work of the host than any average of elapsed times.
 */
async function predictAll(lanes: ImageLanes, job: TestJob, { signal, report }: Beat) {
  const { images } = job;
  const predict = (chunk: readonly NumberedImage[], from: number) => {
    const onFrames = (done: number) => report({ images: from + done });
    const { model, folder, conf } = job;
    const lane = { model, folder, bucket: BUCKETS.pictures, images: chunk, conf };
    return predictIsolated(lanes, lane, { signal, onFrames });
  };
  const found: ImageFindings[] = [];
  const times: number[] = [];
  for (let from = 0; from < images.length || from < MIN_TIMES * CHUNK; from += CHUNK) {
    const at = from < images.length ? from : 0;
    const chunk = images.slice(at, at + CHUNK);
    const { images: results, fastestMs } = await predict(chunk, at);
    if (fastestMs !== undefined) times.push(fastestMs);
    if (from < images.length) found.push(...results);
  }
  return { found, ms: times.length > 0 ? Math.min(...times) : 0 };
}
