import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { type ModelRef, modelRefOf } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { watchModelAvailability, type ModelAvailability } from './model-availability.js';

const { bytes, manifest: draft } = createMockModel();
const KEY = keys.model('mock', 1);
const RETRY_MS = 50;
const never = new AbortController().signal;

let folder: string;
let store: ObjectStore;
let model: ModelRef;
let availability: ModelAvailability;
let reasons: string[];

const publish = () => createModelRegistry(store).publish(join(folder, 'mock.onnx'), draft);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-availability-'));
  await writeFile(join(folder, 'mock.onnx'), bytes);
  store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.models);
  model = modelRefOf(await publish());
  reasons = [];
  const registry = createModelRegistry(store);
  const options = { onUnavailable: (reason: string) => reasons.push(reason), retryMs: RETRY_MS };
  const files = createModelFiles(store, registry, join(folder, 'cache'));
  availability = watchModelAvailability(files, registry, {
    logger: pino({ level: 'silent' }),
    ...options,
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const breakModel = {
  missing: () => store.remove(BUCKETS.models, KEY),
  damaged: () => store.put(BUCKETS.models, KEY, Buffer.alloc(bytes.length)),
};

/** Whether a promise settles within four attempts. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 4 * RETRY_MS));
  return (await Promise.race([promise, late])) !== 'late';
}

it('is available while the files of all models are present', async () => {
  await availability.files.fetch(model);
  expect(availability.unavailable.aborted).toBe(false);
  expect(reasons).toEqual([]);
});

it.each(['missing', 'damaged'] as const)(
  'is unavailable while a file is %s, and reports why',
  async (how) => {
    await breakModel[how]();
    await expect(availability.files.fetch(model)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
    });
    expect(availability.unavailable.aborted).toBe(true);
    expect(reasons).toEqual([expect.stringMatching(new RegExp(`${how}.*vidette models add`))]);
    const available = availability.waitUntilAvailable(never);
    expect(await isSettled(available)).toBe(false);
    await publish();
    await available;
    expect(availability.unavailable.aborted).toBe(false);
    expect((await availability.files.fetch(model)).manifest.name).toBe('mock');
  },
);

it('waits for each missing model', async () => {
  const otherBytes = Buffer.concat([bytes, Buffer.alloc(1)]);
  const sha256 = createHash('sha256').update(otherBytes).digest('hex');
  await writeFile(join(folder, 'other.onnx'), otherBytes);
  const publishOther = () =>
    createModelRegistry(store).publish(join(folder, 'other.onnx'), {
      ...draft,
      ...{ name: 'other', sha256, size_bytes: otherBytes.length },
    });
  const other = modelRefOf(await publishOther());
  for (const name of ['mock', 'other']) await store.remove(BUCKETS.models, keys.model(name, 1));
  await Promise.allSettled([availability.files.fetch(model), availability.files.fetch(other)]);
  const available = availability.waitUntilAvailable(never);
  await publish();
  expect(await isSettled(available)).toBe(false);
  await publishOther();
  await available;
  expect((await availability.files.fetch(other)).manifest.name).toBe('other');
});

it('does not wait for a model that was removed', async () => {
  await breakModel.missing();
  await expect(availability.files.fetch(model)).rejects.toThrow();
  const available = availability.waitUntilAvailable(never);
  await createModelRegistry(store).remove(model);
  await available;
  expect(availability.unavailable.aborted).toBe(false);
});

it.each([
  ['another file', () => ({ ...model, sha256: '0'.repeat(64) })],
  ['no such version', () => ({ ...model, version: 7 })],
])('stays available if the catalogue has %s by that name', async (_, asked) => {
  const refused = { code: 'MODEL_NOT_FOUND' };
  await expect(availability.files.fetch(asked())).rejects.toMatchObject(refused);
  expect(availability.unavailable.aborted).toBe(false);
});

it('stops waiting when the signal aborts', async () => {
  await breakModel.missing();
  await expect(availability.files.fetch(model)).rejects.toThrow();
  const stop = new AbortController();
  const available = availability.waitUntilAvailable(stop.signal);
  expect(await isSettled(available)).toBe(false);
  stop.abort();
  await available;
});
