import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelContentHash } from '../../domain/hash.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import {
  BOXES,
  DATA_FILES,
  OTHER_BOXES,
  writeDataFileModel,
} from '../../test/support/data-file-model.js';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { findAdded, listAdded, removeAddedModel, removeDamagedModel } from './added-folder.js';
import { addModel, type AddRequest } from './add-model.js';
import { refuseQuestions } from './ask.js';

const { bytes } = createMockModel();

let config: { readonly dataDir: string };
let path: string;
beforeEach(async () => {
  config = { dataDir: await mkdtemp(join(tmpdir(), 'vidette-add-')) };
  path = join(config.dataDir, 'Two boxes.onnx');
  await writeFile(path, bytes);
});
afterEach(() => rm(config.dataDir, { recursive: true, force: true }));

const ANSWERS: AddRequest['answers'] = {
  labels: ['large', 'small'],
  family: 'end-to-end',
  channels: 'rgb',
  scale: 1,
  resize: { mode: 'stretch' },
  coordinates: 'normalised',
};
const add = (change: Partial<AddRequest> = {}) =>
  addModel({
    config,
    path,
    runs: IN_PROCESS_RUNS,
    answers: ANSWERS,
    answer: refuseQuestions(path),
    ...change,
  });

it('keeps a tested model with its manifest, named after its file', async () => {
  const { path: kept, manifest, test } = await add({ licence: 'MIT' });
  expect(manifest).toMatchObject({ name: 'Two-boxes', licence: 'MIT', size_bytes: bytes.length });
  expect(test.objects?.map(({ class: name }) => name)).toEqual(['large', 'small']);
  expect((await readFile(kept)).equals(bytes)).toBe(true);
  expect(await listAdded(config)).toEqual([{ path: kept, manifest }]);
});

it('records an unstated licence as unknown', async () => {
  expect((await add()).manifest.licence).toBe('unknown');
});

it('keeps one model per name and removes only an identical one', async () => {
  await add();
  const { manifest } = await add({ licence: 'MIT' });
  expect(await listAdded(config)).toHaveLength(1);
  await removeAddedModel(config, { ...manifest, sha256: '0'.repeat(64) });
  expect(await listAdded(config)).toHaveLength(1);
  await removeAddedModel(config, manifest);
  expect(await listAdded(config)).toEqual([]);
});

it.each([
  ['another SHA-256', { sha256: '0'.repeat(64) }, 'MODEL_INVALID', 'not the expected file'],
  ['the name of the mock', { name: 'mock' }, 'INVALID_INPUT', 'choose another name'],
  ['a name with a separator', { name: 'a/b' }, 'INVALID_INPUT', 'a/b'],
  ['an empty licence', { licence: '' }, 'MODEL_INVALID', 'licence: expected a licence'],
  [
    'an empty label',
    { answers: { ...ANSWERS, labels: ['large', ''] } },
    'MODEL_INVALID',
    'labels.1',
  ],
  ['open questions', { answers: {} }, 'INVALID_INPUT', '--labels'],
])('keeps nothing of a file with %s', async (_, change, code, named) => {
  const rejected = add(change);
  await expect(rejected).rejects.toMatchObject({ code });
  await expect(rejected).rejects.toThrow(named);
  expect(await listAdded(config)).toEqual([]);
});

it('keeps nothing if the user declines', async () => {
  const confirm = () => Promise.reject(new Error('no'));
  await expect(add({ confirm })).rejects.toThrow('no');
  expect(await listAdded(config)).toEqual([]);
});

describe('a damaged manifest', () => {
  const damage = async () => {
    const { path: kept } = await add({ name: 'damaged' });
    await writeFile(join(dirname(kept), 'manifest.json'), '{"name": ');
  };

  it('is reported and does not affect other models', async () => {
    const { manifest } = await add();
    await damage();
    const reasons: string[] = [];
    const listed = await listAdded(config, (reason) => reasons.push(reason));
    expect(listed.map((each) => each.manifest)).toEqual([manifest]);
    expect(reasons).toEqual([expect.stringContaining('damaged/manifest.json is damaged')]);
  });

  it('is removed by its name alone', async () => {
    const { manifest } = await add();
    await damage();
    await removeDamagedModel(config, 'damaged');
    await removeDamagedModel(config, manifest.name);
    const reasons: string[] = [];
    expect(await listAdded(config, (reason) => reasons.push(reason))).toHaveLength(1);
    expect(reasons).toEqual([]);
  });
});

describe('a model with data files', () => {
  let outside: string;
  beforeEach(async () => {
    outside = await writeDataFileModel(join(config.dataDir, 'export'), 'outside.onnx');
  });
  const addOutside = () => add({ path: outside, answers: {} });

  it('is kept with them and found by its content', async () => {
    const { path: kept, manifest, test } = await addOutside();
    expect(manifest.files?.map(({ name }) => name)).toEqual([...DATA_FILES].sort());
    expect(test.objects?.map(({ class: name, conf }) => [name, conf])).toEqual([['right', 0.75]]);
    expect((await readFile(join(dirname(kept), BOXES))).length).toBe(
      manifest.files?.[0]?.size_bytes,
    );
    expect(await findAdded(config, outside)).toEqual({ path: kept, manifest });
  });

  it('is a different model with different weights', async () => {
    const { manifest } = await addOutside();
    await writeFile(join(dirname(outside), BOXES), OTHER_BOXES);
    expect(await findAdded(config, outside)).toBeUndefined();
    const { manifest: other } = await addOutside();
    expect(other.sha256).toBe(manifest.sha256);
    expect(modelContentHash(other)).not.toBe(modelContentHash(manifest));
    await removeAddedModel(config, manifest);
    expect(await listAdded(config)).toHaveLength(1);
  });

  it('is rejected if one of them is missing', async () => {
    await rm(join(dirname(outside), BOXES));
    await expect(addOutside()).rejects.toThrow(`keeps weights in "${BOXES}", which is missing`);
    expect(await listAdded(config)).toEqual([]);
  });
});
