import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import { type FileLogDeps, openFileLog } from './file-log.js';

let folder: string;
let path: string;
let counted: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-file-log-'));
  path = join(folder, 'log', 'predictions.jsonl');
  counted = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (image_hash: string, confidence = 0.9): ImagePredictionRecord => ({
  ...{ image_hash, predicted_class: 'cat', confidence, prediction_time: 0.01 },
  ...{ model: { name: 'm', version: 1, sha256: '' }, time: new Date() },
});
const open = (changed: Partial<FileLogDeps> = {}) =>
  openFileLog({
    ...{ path, logger: pino({ enabled: false }) },
    metrics: { logged: (outcome, rows) => counted.push(`${outcome} ${rows}`) },
    ...changed,
  });
const hashesOf = (found: readonly ImagePredictionRecord[]) =>
  found.map(({ image_hash }) => image_hash);

it('lists predictions with their feedback, the newest first, also after a restart', async () => {
  const log = await open();
  const ids = await log.add([record('a'), record('b'), record('c')]);
  await log.addFeedback({ prediction_id: ids[1]!, class: 'dog', time: new Date() });
  await log.close();
  for (const each of [log, await open()]) {
    const found = await each.list({ limit: 2 });
    expect(hashesOf(found)).toEqual(['c', 'b']);
    expect(found[1]).toMatchObject({
      feedback: [{ class: 'dog', time: expect.any(Date) as Date }],
    });
    expect(hashesOf(await each.list({ limit: 2, before: ids[1] }))).toEqual(['a']);
    expect(hashesOf(await each.listWithFeedback({ limit: 5 }))).toEqual(['b']);
    expect(await each.find(ids[0]!)).toMatchObject({
      image_hash: 'a',
      time: expect.any(Date) as Date,
    });
  }
});

it('selects by time, confidence and experiment', async () => {
  const log = await open();
  await log.add([record('low', 0.2), record('high')]);
  expect(hashesOf(await log.list({ limit: 9, belowConfidence: 0.5 }))).toEqual(['low']);
  expect(await log.list({ limit: 9, since: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await log.list({ limit: 9, audit: true })).toEqual([]);
  expect(await log.listOfExperiment('e', 9)).toEqual([]);
});

it('keeps a number of predictions for lists, and all in the file', async () => {
  const log = await open({ keptMax: 2 });
  const [oldest] = await log.add([record('a'), record('b'), record('c')]);
  expect(hashesOf(await log.list({ limit: 9 }))).toEqual(['c', 'b']);
  expect(await log.find(oldest!)).toBeUndefined();
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
});

it('begins another file at its size and keeps one old file', async () => {
  const log = await open({ bytesMax: 600 });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await log.add([record(name)]);
  expect((await stat(path)).size).toBeLessThanOrEqual(600);
  expect((await stat(`${path}.old`)).size).toBeLessThanOrEqual(600);
  expect(hashesOf(await log.list({ limit: 9 }))).toHaveLength(6);
});

it('leaves out a line that was cut off, and no line after it', async () => {
  await (await open()).add([record('a')]);
  await appendFile(path, '{"prediction":{"image_h');
  const log = await open();
  expect(hashesOf(await log.list({ limit: 9 }))).toEqual(['a']);
  await log.add([record('b')]);
  expect(hashesOf(await (await open()).list({ limit: 9 }))).toEqual(['b', 'a']);
});

it('does not fail a prediction whose row cannot be written, and counts it', async () => {
  const log = await open();
  await rm(join(folder, 'log'), { recursive: true });
  expect(await log.add([record('a')])).toHaveLength(1);
  expect(counted).toEqual(['dropped 1']);
});
