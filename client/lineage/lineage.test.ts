import { beforeEach, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createLineage, lineageQueryOf } from './lineage.js';

const IMAGE = sha256('image');
const SHA = 'c'.repeat(64);
const models: Pick<ModelRegistry, 'resolve'> = {
  resolve: (spec = '') => {
    const [name, version] = spec.split('@');
    return Promise.resolve({ name, version: Number(version), sha256: SHA } as never);
  },
};

let objects: ObjectStore;
let datasets: DatasetStore;
let dataset: { readonly name: string; readonly version: number; readonly sha256: string };

beforeEach(async () => {
  objects = createMemoryObjectStore();
  for (const bucket of [BUCKETS.results, BUCKETS.datasets]) await objects.ensureBucket(bucket);
  datasets = createDatasetStore(objects);
  const items = [
    datasetItem('image', { source: { prediction_id: 'p1' }, by: 'ann' }),
    datasetItem('frame', { source: { event_id: 'e1', frame_id: 5 }, by: 'bob' }),
    datasetItem('other', { source: { event_id: 'e1', frame_id: 10 }, by: 'bob' }),
  ];
  const { manifest } = await datasets.add(datasetDraft('fish'), items);
  dataset = { name: manifest.name, version: manifest.version, sha256: manifest.sha256 };
  await putReport('first', { base: 3, version: 4, promote: true, closed_at: '2026-11-20' });
  await putReport('failed', { base: 4, version: null, promote: false, closed_at: '2026-11-21' });
  await putReport('second', { base: 4, version: 5, promote: false, closed_at: '2026-11-22' });
  await objects.put(
    BUCKETS.results,
    `${keys.checkpoint('second', '1')}list.json`,
    'other files of a retraining',
  );
});

interface Ended {
  readonly base: number;
  readonly version: number | null;
  readonly promote: boolean;
  readonly closed_at: string;
}

function putReport(retrain_id: string, { base, version, promote, closed_at }: Ended) {
  const report = {
    ...{ retrain_id, version, closed_at, dataset: { ...dataset, bucket: 'datasets', key: 'k' } },
    base: { name: 'fish', version: base, sha256: SHA },
    trained: { manifest: { name: 'fish', sha256: SHA } },
    decision: { promote, by: 'ann', reason: null },
  };
  return objects.put(BUCKETS.results, keys.retrainReport(retrain_id), JSON.stringify(report));
}

const lineage = () => createLineage({ objects, datasets, models: models as ModelRegistry });

it('names what a version was made from, and what was made from it', async () => {
  expect(await lineage().ofModel('fish', 4)).toEqual({
    model: { name: 'fish', version: 4, sha256: SHA },
    retrainings: [
      {
        ...{ retrain_id: 'first', base: { name: 'fish', version: 3, sha256: SHA }, dataset },
        ...{ promoted: true, decided_by: 'ann', closed_at: '2026-11-20' },
      },
    ],
    datasets: [
      {
        ...{ ...dataset, images: 3, predictions: 1, imports: 0 },
        jobs: [{ event_id: 'e1', frames: 2 }],
        people: [
          { by: 'bob', images: 2 },
          { by: 'ann', images: 1 },
        ],
      },
    ],
    descendants: [{ name: 'fish', version: 5, sha256: SHA, retrain_id: 'second' }],
  });
  expect(await lineage().ofModel('fish', 3)).toMatchObject({ retrainings: [], datasets: [] });
});

it('finds the data sets and models that were made from an image or a job', async () => {
  const versions = [5, 4].map((version) => ({ name: 'fish', version }));
  const use = { ...dataset, models: versions };
  expect(await lineage().uses({ image: IMAGE })).toMatchObject([{ ...use, items: 1 }]);
  expect(await lineage().uses({ job: 'e1' })).toMatchObject([{ ...use, items: 2 }]);
  expect(await lineage().uses({ job: 'e2' })).toEqual([]);
});

it('needs an image or a job', () => {
  expect(lineageQueryOf({ job: 'e1' })).toEqual({ job: 'e1' });
  for (const given of [{}, { job: 'e1', image: IMAGE }])
    expect(() => lineageQueryOf(given)).toThrow('Give an image or a job');
});
