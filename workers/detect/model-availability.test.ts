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
let gate: ModelAvailability;
let reasons: string[];

const publish = () => createModelRegistry(store).publish(join(folder, 'mock.onnx'), draft);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-gate-'));
  await writeFile(join(folder, 'mock.onnx'), bytes);
  store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.models);
  model = modelRefOf(await publish());
  reasons = [];
  const registry = createModelRegistry(store);
  const options = { onUnavailable: (reason: string) => reasons.push(reason), retryMs: RETRY_MS };
  const files = createModelFiles(store, registry, join(folder, 'cache'));
  gate = watchModelAvailability(files, registry, { logger: pino({ level: 'silent' }), ...options });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const spoil = {
  missing: () => store.remove(BUCKETS.models, KEY),
  damaged: () => store.put(BUCKETS.models, KEY, Buffer.alloc(bytes.length)),
};

/** Whether a promise is settled after some tries. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 4 * RETRY_MS));
  return (await Promise.race([promise, late])) !== 'late';
}

it('is open while models are there', async () => {
  await gate.files.fetch(model);
  expect(gate.unavailable.aborted).toBe(false);
  expect(reasons).toEqual([]);
});

it.each(['missing', 'damaged'] as const)(
  'closes for a file that is %s, says why, and opens when it is mended',
  async (how) => {
    await spoil[how]();
    await expect(gate.files.fetch(model)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(gate.unavailable.aborted).toBe(true);
    expect(reasons).toEqual([expect.stringMatching(new RegExp(`${how}.*vidette models add`))]);
    const open = gate.waitUntilAvailable(never);
    expect(await isSettled(open)).toBe(false);
    await publish();
    await open;
    expect(gate.unavailable.aborted).toBe(false);
    expect((await gate.files.fetch(model)).manifest.name).toBe('mock');
  },
);

it('waits for each model that is missing', async () => {
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
  await Promise.allSettled([gate.files.fetch(model), gate.files.fetch(other)]);
  const open = gate.waitUntilAvailable(never);
  await publish();
  expect(await isSettled(open)).toBe(false);
  await publishOther();
  await open;
  expect((await gate.files.fetch(other)).manifest.name).toBe('other');
});

it('does not wait for a model that was removed meanwhile', async () => {
  await spoil.missing();
  await expect(gate.files.fetch(model)).rejects.toThrow();
  const open = gate.waitUntilAvailable(never);
  await createModelRegistry(store).remove(model);
  await open;
  expect(gate.unavailable.aborted).toBe(false);
});

it.each([
  ['another file', () => ({ ...model, sha256: '0'.repeat(64) })],
  ['no such version', () => ({ ...model, version: 7 })],
])('stays open where the catalogue has %s by that name', async (_, asked) => {
  const refused = { code: 'MODEL_NOT_FOUND' };
  await expect(gate.files.fetch(asked())).rejects.toMatchObject(refused);
  expect(gate.unavailable.aborted).toBe(false);
});

it('stops waiting when it is told to', async () => {
  await spoil.missing();
  await expect(gate.files.fetch(model)).rejects.toThrow();
  const stop = new AbortController();
  const open = gate.waitUntilAvailable(stop.signal);
  expect(await isSettled(open)).toBe(false);
  stop.abort();
  expect(await isSettled(open)).toBe(true);
});
