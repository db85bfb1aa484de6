import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Connected } from '../connect.js';
import { CITY, ROAD, writeConstantDetector } from '../../test/support/constant-detectors.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { removeModel } from './remove-model.js';
import { createEnsemble, type EnsembleFlags } from './run-ensemble.js';
import { formatModel, formatModels } from './texts.js';

let folder: string;
let objects: ObjectStore;
let models: ModelRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-ensemble-'));
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.models);
  models = createModelRegistry(objects);
  for (const model of [CITY, ROAD]) {
    const { path, manifest } = await writeConstantDetector(folder, model);
    await models.publish(path, manifest);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (change: Partial<EnsembleFlags> = {}) =>
  createEnsemble(models, 'street', {
    ...{ members: ['city', 'road@1'], weights: [1, 2], iou: 0.6, memberConf: 0.2, fuse: 'mean' },
    ...change,
  });
const files = () => createModelFiles(objects, models, join(folder, 'cache'));

it('publishes an ensemble, of which the same definition is the same version', async () => {
  const ensemble = await create();
  expect(ensemble).toMatchObject({ version: 1, output: { fuse: { iou: 0.6, member_conf: 0.2 } } });
  expect(await create()).toEqual(ensemble);
  expect((await create({ weights: [1, 1] })).version).toBe(2);
  expect(await models.resolve('street@1')).toEqual(ensemble);
  expect(formatModel(ensemble)).toContain('city@1 (weight 1), road@1 (weight 2)');
  expect(formatModels([ensemble])).toContain('ensemble');
});

it('is fetched with its members, which its identity names', async () => {
  const ref = modelRefOf(await create());
  const { members = [], ...model } = await files().fetch(ref);
  expect(model).toEqual({ manifest: await models.resolve('street'), path: '' });
  expect(members.map(({ manifest }) => manifest.name)).toEqual(['city', 'road']);
  expect(ref.members?.map(({ name, version, weight }) => [name, version, weight])).toEqual([
    ['city', 1, 1],
    ['road', 1, 2],
  ]);
});

it('is unavailable while a member is missing', async () => {
  const ref = modelRefOf(await create());
  const road = await models.resolve('road');
  await models.remove(road);
  const missing = files().fetch(ref);
  await expect(missing).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  await expect(missing).rejects.toThrow('Member road@1 of ensemble street@1 is missing');
  const { path, manifest } = await writeConstantDetector(folder, ROAD);
  await models.publish(path, manifest);
  expect((await files().fetch(ref)).members).toHaveLength(2);
});

it('keeps its members from being removed, except by force', async () => {
  await create();
  const connected = {
    ...{ models, config: { dataDir: folder } },
    client: { jobs: () => Promise.resolve([]) },
  } as unknown as Connected; // what a removal reads while no job runs
  const rejected = removeModel(connected, 'road@1', false);
  await expect(rejected).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(rejected).rejects.toThrow('road@1 is a member of street@1');
  expect(await removeModel(connected, 'road@1', true)).toMatchObject({ name: 'road' });
});

it('is unavailable if its manifest was changed', async () => {
  const ensemble = await create();
  const output = { ...ensemble.output, fuse: { boxes: 'wbf', iou: 0.1, member_conf: 0 } };
  const changed = JSON.stringify({ ...ensemble, output });
  await objects.put(BUCKETS.models, keys.manifest('street', 1), changed);
  const fetched = files().fetch(modelRefOf(ensemble));
  await expect(fetched).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  await expect(fetched).rejects.toThrow('was changed');
});

it.each([
  ['another number of weights', { weights: [1] }, 'INVALID_INPUT', 'each of the 2 --members'],
  ['an unknown member', { members: ['city', 'lost@1'] }, 'MODEL_NOT_FOUND', 'lost@1'],
])('rejects %s', async (_, change, code, message) => {
  const rejected = create(change);
  await expect(rejected).rejects.toMatchObject({ code });
  await expect(rejected).rejects.toThrow(message);
});
