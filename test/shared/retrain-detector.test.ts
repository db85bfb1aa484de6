import { createWriteStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Retraining, VidetteClient } from '../../client/index.js';
import { ownEnvironment } from '../../config/index.js';
import { countItems, labelsOf } from '../../domain/dataset/dataset-counts.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { StoredObject } from '../../domain/result/detection.js';
import { describeImage } from '../../models/dataset/describe-image.js';
import { projectFile } from '../../platform/package-root.js';
import { datasetDraft, datasetItem } from '../support/dataset-items.js';
import { type LoneWorker, startLoneWorker } from '../support/lone-worker.js';
import { waitForRetrainingEnd } from '../support/retrainings.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { writeShiftTrainer } from '../support/shift-trainer.js';
import { clientOf } from '../support/vidette-client.js';

const data = process.env.VIDETTE_TEST_DATA ?? '';
const IMAGES = join(data, 'images');
const MODEL = 'retrain-detector';
/** Data set whose groups fall into the parts for training and for the test. */
const BUILT = 'retrain-detector-built';
const TRAINED_ON = 3;

let stack: SharedConnection;
let client: VidetteClient;
let worker: LoneWorker;

/** Stores the images of the reference data with their detections as a data set. */
async function storeDataset(): Promise<void> {
  const text = await readFile(join(data, 'expected/images.json'), 'utf8');
  const expected = JSON.parse(text) as Record<string, readonly StoredObject[]>;
  const items: DatasetItem[] = [];
  for (const [number, name] of (await readdir(IMAGES)).sort().entries()) {
    const image = await readFile(join(IMAGES, name));
    const hash = sha256(image);
    await stack.objects.put(BUCKETS.pictures, keys.image(hash), image);
    const facts = await describeImage(image, false);
    const { picture: plain, label: _label, ...item } = datasetItem(name);
    items.push({
      ...{ ...item, split: number < TRAINED_ON ? 'train' : 'test' },
      picture: { ...plain, ...facts, sha256: hash },
      objects: expected[name]!.map(({ class: label, box }) => ({ class: label, box })),
    });
  }
  const made = { labels: labelsOf(items), counts: countItems(items) };
  const draft = { ...datasetDraft(MODEL), ...made, task: 'detect' } as const;
  await createDatasetStore(stack.objects).add(draft, items);
}

async function publishBase(): Promise<void> {
  const models = createModelRegistry(stack.objects);
  const { version, ...manifest } = await models.resolve(REAL_MODEL);
  const path = join(stack.folder, 'base.onnx');
  const key = keys.model(REAL_MODEL, version);
  await stack.objects.getFile(BUCKETS.models, key, path);
  await models.publish(path, { ...manifest, name: MODEL });
}

async function retrain(options: Parameters<VidetteClient['retrainings']['start']>[1]) {
  const started = await client.retrainings.start(MODEL, options, 'anna');
  expect(started.started).toBe(true);
  return waitForRetrainingEnd(client, MODEL);
}

describe.skipIf(!existsSync(IMAGES))('a retraining of a detector', () => {
  beforeAll(async () => {
    stack = await connectSharedStack();
    client = clientOf(stack);
    for (const bucket of [BUCKETS.pictures, BUCKETS.datasets])
      await stack.objects.ensureBucket(bucket);
    await publishBase();
    await storeDataset();
    worker = await startLoneWorker('train_worker', {
      ...stack.settings,
      VIDETTE_SCRATCH_DIR: join(stack.folder, 'train'),
      VIDETTE_TRAIN_COMMAND: await writeShiftTrainer(stack.folder),
    });
  });
  afterAll(async () => {
    await worker?.stop();
    await stack?.close();
  });

  it('promotes a challenger with the same average precision by rule', async () => {
    const rules = { decide: 'rule', gate: { min_test: 5 } } as const;
    const done = await retrain({ ...rules, params: { shift: 1e-6 } });
    expect(done).toMatchObject({
      ...{ status: 'ready', error: null, outcome: 'promoted', version: 2 },
      trained: { metrics: { changed: 3 } },
      comparison: { images: 7, challenger: { calibration_error: null } },
      verdict: { gate: 'pass' },
    });
    const { champion, challenger } = done.comparison!;
    // The reference is of OpenCV, whose pixels differ a little.
    expect(champion.value).toBeGreaterThan(0.8);
    expect(champion.boxes!.ap50).toBeGreaterThan(0.95);
    expect(challenger.value).toBeCloseTo(champion.value, 3);
    expect(challenger.classes).toHaveProperty('person.images');
    const published = await createModelRegistry(stack.objects).resolve(`${MODEL}@champion`);
    expect(published).toMatchObject({
      ...{ version: 2, task: 'detect', sha256: done.trained!.sha256 },
      trained: { retrain_id: done.retrain_id, dataset: { name: MODEL, version: 1 } },
    });
  });

  it('does not publish a challenger that lost its classes', async () => {
    const done = await retrain({ gate: { min_test: 5 }, params: { shift: -30 } });
    expect(done).toMatchObject({
      ...{ status: 'ready', outcome: 'not-promoted', version: null, verdict: { gate: 'fail' } },
      comparison: { challenger: { value: 0 } },
      decision: { promote: false, by: 'rule' },
    });
    expect(done.base!.version).toBe(2);
  });

  it('trains nothing if too few images are new, which is not a failure', async () => {
    const command = [projectFile('dist/cli/main.js'), 'retrain', MODEL];
    const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
    const options = { env, stdin: 'ignore' } as const;
    const flags = ['--min-new', '1', '--wait'];
    const { stdout } = await execa(process.execPath, [...command, ...flags], options);
    expect(stdout).toContain('not enough: 0 new images, 1 are required');
    const response = await fetch(`${stack.apiUrl}/api/v1/models/${MODEL}/retrain`);
    expect(await response.json()).toMatchObject({
      ...{ status: 'ready', stage: 'done', outcome: 'not-enough', error: null, trained: null },
      new_images: { count: 0, required: 1 },
    });
  });

  it('builds the data set from the feedback first', async () => {
    const zip = join(stack.folder, 'export.zip');
    await pipeline(
      await client.datasets.exportStream(`${MODEL}@1`, 'coco'),
      createWriteStream(zip),
    );
    await client.datasets.import(BUILT, zip);
    const done: Retraining = await retrain({ dataset: BUILT, build: true, min_new: 1000 });
    expect(done).toMatchObject({
      ...{ status: 'ready', error: null, outcome: 'not-enough' },
      dataset: { name: BUILT, version: 1 },
    });
    const { counts } = await client.datasets.get(BUILT);
    const images = counts.train.images + counts.val.images + counts.test.images;
    expect(done.new_images!.required).toBe(1000);
    expect(done.new_images!.count).toBeLessThanOrEqual(images);
    expect(images).toBeGreaterThan(5);
    const fixed = await retrain({ dataset: `${BUILT}@1`, build: true });
    expect(fixed).toMatchObject({ status: 'failed', outcome: null });
    expect(fixed.error).toContain('never changes');
  });
});
