import { beforeEach, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { collect } from '../../test/support/collect.js';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { AppError } from '../errors.js';
import { sha256 } from '../hash.js';
import { BUCKETS, keys } from '../names.js';
import type { DocumentStore } from '../ports/document-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Feedback, LoggedPrediction } from '../result/prediction-log.js';
import { listImported } from './list-imported.js';
import { buildDataset, type BuildRequest } from './build-dataset.js';

const EVENT = eventDocument({ event_id: 'e1', video_id: 'cars' });
const MODEL = { name: 'fish', version: 3, sha256: sha256('model') };
const DOG = { class: 'dog', box: [1, 2, 3.25, 4] as const };

let objects: ObjectStore;
let documents: DocumentStore;
let predictions: LoggedPrediction[];
/** Names of the images that were read. */
let described: string[];

beforeEach(async () => {
  [predictions, described] = [[], []];
  documents = createMemoryDocumentStore({ events: [EVENT], imagePredictions: predictions });
  objects = createMemoryObjectStore();
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
});

const at = (second: number) => new Date(Date.UTC(2026, 4, 4, 9, 30, second));

/** Logs a prediction of a kept image whose content is its name. */
async function predict(
  image: string,
  feedback: readonly Partial<Feedback>[],
  fields: Partial<LoggedPrediction> = {},
): Promise<void> {
  const hash = sha256(image);
  const prediction_id = String(predictions.length).padStart(24, '0');
  const kept = {
    bucket: 'pictures',
    key: keys.image(hash),
    sha256: hash,
    width: 640,
    height: 480,
  };
  await documents.keptImages.use(hash, at(0));
  await objects.put(BUCKETS.pictures, kept.key, image);
  predictions.unshift({
    ...{ prediction_id, image_hash: '', predicted_class: 'cat', confidence: 0.5 },
    ...{ prediction_time: 0, model: MODEL, time: at(0), picture: kept },
    feedback: feedback.map((given, i) => ({ prediction_id, time: at(i), ...given })),
    ...fields,
  });
}

function build(request?: BuildRequest, name = 'fish') {
  const describeImage = (data: Buffer, isFrame: boolean) => {
    if (data.toString() === 'damaged') throw new AppError('DECODE_FAILED', 'damaged');
    described.push(`${data.toString()}${isFrame ? ' as frame' : ''}`);
    const dhash = sha256(data).slice(0, 16);
    return Promise.resolve({ media_type: 'image/jpeg' as const, width: 640, height: 480, dhash });
  };
  const { keptImages } = documents;
  const datasets = createDatasetStore(objects);
  const deps = { documents, datasets, objects, keptImages, describeImage };
  return buildDataset(deps, name, request);
}

async function itemsOf(built: Awaited<ReturnType<typeof build>>) {
  return collect(createDatasetStore(objects).items(built.manifest));
}

describe('a data set for classification', () => {
  it('has the latest class of each person, and leaves out images on which people disagree', async () => {
    await predict('a', [
      { class: 'cat', by: 'ann' },
      { class: 'dog', by: 'ann' },
    ]);
    await predict('b', [
      { class: 'cat', by: 'ann' },
      { class: 'dog', by: 'bob' },
    ]);
    await predict('c', [{ comment: 'nice' }]);
    const built = await build({ task: 'classify', by: 'ann' });
    expect(await itemsOf(built)).toMatchObject([
      { picture: { sha256: sha256('a'), day: '2026-05-04' }, label: 'dog', by: 'ann' },
    ]);
    expect(built).toMatchObject({
      created: true,
      manifest: { version: 1, labels: ['dog'], parent: null, by: 'ann' },
      left_out: {
        by_reason: { disagreement: 1 },
        items: [{ reason: 'disagreement', picture: sha256('b'), people: ['ann', 'bob'] }],
      },
    });
  });

  it('is the same version until its content changes, and reads only new images', async () => {
    await predict('a', [{ class: 'cat' }]);
    const first = await build({ task: 'classify' });
    predictions[0] = {
      ...predictions[0]!,
      feedback: [...predictions[0]!.feedback, ...predictions[0]!.feedback],
    };
    expect(await build()).toMatchObject({ created: false, manifest: first.manifest });
    await predict('b', [{ class: 'zander' }]);
    await predict('c', [{ class: 'bream' }]);
    const second = await build();
    expect(second.manifest).toMatchObject({
      ...{ version: 2, labels: ['cat', 'bream', 'zander'] },
      parent: { version: 1, sha256: first.manifest.sha256 },
    });
    expect(described.sort()).toEqual(['a', 'b', 'c']);
  });

  it('pins its images', async () => {
    await predict('a', [{ class: 'cat' }]);
    await predict('b', []);
    await build({ task: 'classify' });
    const unused = { before: at(1), now: at(2), limit: 10 };
    expect(await documents.keptImages.reserveUnused(unused)).toEqual([sha256('b')]);
  });

  it('is limited to a model and a time, as the version before unless the request changes that', async () => {
    await predict('a', [{ class: 'cat', time: at(0) }]);
    await predict('b', [{ class: 'cat', time: at(30) }]);
    await predict('c', [{ class: 'cat', time: at(30) }], { model: { ...MODEL, version: 4 } });
    const counts = async (request?: BuildRequest) => (await itemsOf(await build(request))).length;
    expect(await counts({ task: 'classify', model: 'fish@3', since: at(20).toISOString() })).toBe(
      1,
    );
    expect(await counts()).toBe(1);
    expect(await counts({ model: 'fish' })).toBe(2);
    expect(await counts({ since: null })).toBe(3);
  });

  it.each([{ model: 'fish@champion' }, { since: 'yesterday' }, { since: '2026-05-04' }])(
    'is rejected with the filter %j, which could not be read again',
    async (filter) => {
      await predict('a', [{ class: 'cat' }]);
      const built = build({ task: 'classify', ...filter });
      await expect(built).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(await createDatasetStore(objects).versions('fish')).toEqual([]);
    },
  );

  it('lists images that are not stored, or cannot be read', async () => {
    await predict('a', [{ class: 'cat' }]);
    await predict('b', [{ class: 'cat' }]);
    await predict('c', [{ class: 'cat' }], { picture: undefined });
    await predict('damaged', [{ class: 'cat' }]);
    await objects.remove(BUCKETS.pictures, keys.image(sha256('b')));
    const { left_out } = await build({ task: 'classify' });
    expect(left_out.by_reason).toEqual({ 'no-image': 2, unreadable: 1 });
  });

  it('leaves out erased images that the version before has', async () => {
    await predict('a', [{ class: 'cat' }]);
    await predict('b', [{ class: 'cat' }]);
    expect(await itemsOf(await build({ task: 'classify' }))).toHaveLength(2);
    await documents.keptImages.erase(sha256('b'), at(9));
    const built = await build({ task: 'classify' });
    expect(built).toMatchObject({ created: true, left_out: { by_reason: { erased: 1 } } });
    const items = await itemsOf(built);
    expect(items.map(({ picture: image }) => image.sha256)).toEqual([sha256('a')]);
  });

  it('has imported classes, of its own imports only', async () => {
    await predict('a', []);
    const imported = {
      ...{ dataset: 'fish', sha256: sha256('a'), content: { label: 'perch' } },
      ...{ by: null, time: at(0), import: sha256('zip') },
    };
    await documents.importedFeedback.put(imported);
    await documents.importedFeedback.put({ ...imported, dataset: 'other' });
    const built = await build({ task: 'classify', model: 'another' });
    expect(await itemsOf(built)).toMatchObject([
      { label: 'perch', source: { import: sha256('zip') }, feedback_id: `fish/${sha256('a')}/` },
    ]);
  });
});

describe('a data set for detection', () => {
  it('has copies of the frames of a video in one group, and images with their objects', async () => {
    for (const frame of [5, 10]) {
      await objects.put(BUCKETS.frames, keys.frame('e1', frame), `frame ${frame}`);
    }
    for (const frame_id of [5, 10, 15]) {
      const given = { event_id: 'e1', frame_id, by: null, time: at(0), objects: [DOG] };
      await documents.frameFeedback.put(given);
    }
    await predict('a', [{ box: [0, 0, 9, 9] }]);
    await predict('b', [{ objects: [] }]);
    await predict('c', [{ class: 'cat' }]);
    const built = await build({ task: 'detect' });
    const items = await itemsOf(built);
    const frames = items.filter(({ group }) => group === 'cars');
    expect(frames).toHaveLength(2);
    expect(new Set(frames.map(({ split }) => split)).size).toBe(1);
    expect(frames[0]).toMatchObject({ objects: [DOG], source: { event_id: 'e1' } });
    const copies = frames.map((item) =>
      objects.find(BUCKETS.pictures, keys.image(item.picture.sha256)),
    );
    expect((await Promise.all(copies)).map(String).sort()).toEqual(['frame 10', 'frame 5']);
    await documents.keptImages.erase(sha256('frame 5'), at(9));
    const { left_out } = await build({ task: 'detect' });
    expect(left_out.by_reason).toMatchObject({ erased: 1 });
    expect(await documents.keptImages.use(sha256('frame 5'), at(9))).toBe(false);
    expect(items.find(({ group }) => group === sha256('a'))?.objects).toEqual([
      { class: 'cat', box: [0, 0, 9, 9] },
    ]);
    expect(items.find(({ group }) => group === sha256('b'))?.objects).toEqual([]);
    expect(built.left_out.items).toMatchObject([
      { reason: 'no-image', source: { event_id: 'e1', frame_id: 15 } },
    ]);
    expect(described).toContain('frame 5 as frame');
  });

  it('keeps a frame when its job stores it no longer', async () => {
    await objects.put(BUCKETS.frames, keys.frame('e1', 5), 'frame 5');
    const given = { event_id: 'e1', frame_id: 5, by: null, time: at(0), objects: [DOG] };
    await documents.frameFeedback.put(given);
    const first = await build({ task: 'detect' });
    await objects.remove(BUCKETS.frames, keys.frame('e1', 5));
    expect((await build()).manifest).toEqual(first.manifest);
  });
});

describe('a build is refused', () => {
  it.each([
    ['without a task for a new name', undefined, 'requires a task'],
    ['without feedback', { task: 'detect' }, 'No feedback for data set fish'],
  ] as const)('%s', async (_, request, message) => {
    const built = build(request);
    await expect(built).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(built).rejects.toThrow(message);
  });

  it('for another task than before', async () => {
    await predict('a', [{ class: 'cat' }]);
    await build({ task: 'classify' });
    await expect(build({ task: 'detect' })).rejects.toThrow('is for the task "classify"');
  });
});

it('keeps the part that an import gave to an image, in each version', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `given-${index}`);
  for (const name of names) {
    const hash = sha256(name);
    await documents.keptImages.use(hash, at(0));
    await objects.put(BUCKETS.pictures, keys.image(hash), name);
    await documents.importedFeedback.put({
      ...{ dataset: 'given', sha256: hash, content: { objects: [DOG] }, split: 'test' },
      ...{ by: 'ann', time: at(0), import: sha256('zip') },
    });
  }
  const parts = async (version: Awaited<ReturnType<typeof build>>) => {
    const datasets = createDatasetStore(objects);
    const items = await collect(datasets.items(version.manifest));
    return new Set(items.map(({ split }) => split));
  };
  const first = await build({ task: 'detect' }, 'given');
  expect(first.manifest.counts.test.images).toBe(names.length);
  expect(await parts(first)).toEqual(new Set(['test']));
  for (const given of await collect(listImported(documents.importedFeedback, 'given'))) {
    const { split: _, ...rest } = given;
    await documents.importedFeedback.put({ ...rest, content: { objects: [] } });
  }
  const second = await build({}, 'given');
  expect(second.created).toBe(true);
  expect(await parts(second)).toEqual(new Set(['test']));
});
