import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { kerasFile } from '../../test/support/keras-files.js';
import { addModel, type AddRequest } from './add-model.js';
import { findAdded, listAdded } from './added-folder.js';
import { refuseQuestions } from './ask.js';
import { withOnnxFile } from './with-onnx-file.js';

let config: { readonly dataDir: string };
beforeEach(async () => {
  config = { dataDir: await mkdtemp(join(tmpdir(), 'vidette-add-keras-')) };
});
afterEach(() => rm(config.dataDir, { recursive: true, force: true }));

const labels = ['a', 'b', 'c', 'd', 'e'];
const runs = IN_PROCESS_RUNS;

async function add(name: string, change: Partial<AddRequest> = {}) {
  const path = join(config.dataDir, `${name}.keras`);
  await writeFile(path, kerasFile(name));
  const answer = refuseQuestions(path);
  return addModel({ config, path, runs, answers: { labels }, answer, ...change });
}

it('adds a Keras file as a classifier that scales pixels itself', async () => {
  const { manifest, test } = await add('convolutions');
  expect(manifest).toMatchObject({
    name: 'convolutions',
    task: 'classify',
    source: `file ${join(config.dataDir, 'convolutions.keras')}`,
    input: { width: 12, height: 12, layout: 'nhwc', channels: 'rgb', scale: 1 },
    output: { family: 'classifier', activation: 'softmax' },
    labels,
  });
  expect(test.classes).toHaveLength(5);
});

it('finds the added model by its Keras file, and keeps no conversion', async () => {
  const { manifest } = await add('convolutions');
  const path = join(config.dataDir, 'convolutions.keras');
  const found = await withOnnxFile({ config, runs }, path, (file) => findAdded(config, file));
  expect(found?.manifest).toEqual(manifest);
  expect(await readdir(join(config.dataDir, 'downloads'))).toEqual([]);
});

it('requires the scale of a file that does something else with pixels first', async () => {
  const four = { labels: labels.slice(0, 4) };
  await expect(add('transformed', { answers: four })).rejects.toThrow('--scale');
  expect((await add('transformed', { answers: { ...four, scale: 1 } })).manifest.labels).toEqual(
    four.labels,
  );
});

it('requires labels, which a Keras file does not have', async () => {
  const rejected = add('convolutions', { answers: {} });
  await expect(rejected).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(rejected).rejects.toThrow(/convolutions\.keras .*\n.*\n +--labels/);
});

it('compares --sha256 with the Keras file', async () => {
  const sha256 = createHash('sha256').update(kerasFile('convolutions')).digest('hex');
  await expect(add('convolutions', { sha256: '0'.repeat(64) })).rejects.toThrow(sha256);
  await expect(add('convolutions', { sha256 })).resolves.toBeDefined();
});

it('keeps nothing of a file that cannot be converted', async () => {
  await expect(add('lambda')).rejects.toThrow('layer "scale" (Lambda) contains Python code');
  expect(await listAdded(config)).toEqual([]);
});
