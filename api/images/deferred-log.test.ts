import { beforeEach, expect, it } from 'vitest';
import type {
  IdentifiedPrediction,
  ImagePredictionRecord,
  StoredPredictionLog,
} from '../../domain/result/prediction-log.js';
import { PREDICTION_ID } from '../../domain/result/prediction-log.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { pino } from 'pino';
import { createDeferredLog, type DeferredLogDeps } from './deferred-log.js';

const record = (image_hash: string): ImagePredictionRecord => ({
  ...{ image_hash, predicted_class: 'cat', confidence: 0.9, prediction_time: 0.01 },
  ...{ model: { name: 'm', version: 1, sha256: '' }, time: new Date() },
});
const away = () => serverUnavailable('document store', {}, new Error('refused'));

let stored: IdentifiedPrediction[];
let counted: string[];
let fails: (() => Promise<void>) | undefined;
beforeEach(() => {
  [stored, counted, fails] = [[], [], undefined];
});

const unused = () => Promise.reject(new Error('not part of these tests'));
const store: StoredPredictionLog = {
  insert: async (rows) => {
    await fails?.();
    stored.push(...rows);
  },
  find: () => Promise.resolve(undefined),
  ensureIndexes: () => Promise.resolve(),
  close: () => Promise.resolve(),
  ...{ add: unused, findLogged: unused, addFeedback: unused, list: unused },
  ...{ listWithFeedback: unused, listOfExperiment: unused },
};
const create = (changed: Partial<DeferredLogDeps> = {}) =>
  createDeferredLog({
    ...{ store, logger: pino({ enabled: false }), retryMs: 10 },
    metrics: { logged: (outcome, rows) => counted.push(`${outcome} ${rows}`) },
    ...changed,
  });
const hashes = () => stored.map(({ image_hash }) => image_hash);

it('writes rows at once while the store answers, with ids that sort by time', async () => {
  const log = create();
  const [first] = await log.add([record('a')]);
  const [second] = await log.add([record('b')]);
  expect(stored.map(({ prediction_id }) => prediction_id)).toEqual([first, second]);
  expect(first).toMatch(PREDICTION_ID);
  expect(counted).toEqual([]);
});

it('answers while the store is unavailable and writes all rows later, in order', async () => {
  const log = create();
  fails = () => Promise.reject(away());
  const [id] = await log.add([record('a'), record('b')]);
  await log.add([record('c')]);
  expect(await log.find(id!)).toMatchObject({ image_hash: 'a' });
  expect(hashes()).toEqual([]);
  fails = undefined;
  await expect.poll(hashes).toEqual(['a', 'b', 'c']);
  expect(counted).toEqual(['deferred 2', 'deferred 1']);
  await log.add([record('d')]);
  expect(hashes()).toEqual(['a', 'b', 'c', 'd']);
  expect(await log.find(id!)).toBeUndefined();
});

it('waits a limited time for a store that hangs', async () => {
  const log = create({ patienceMs: 20, retryMs: 60_000 });
  fails = () => new Promise(() => undefined);
  await log.add([record('a')]);
  expect(counted).toEqual(['deferred 1']);
  await log.close();
  expect(counted).toEqual(['deferred 1', 'dropped 1']);
});

it('drops and counts rows above the limit', async () => {
  const log = create({ rowsMax: 2 });
  fails = () => Promise.reject(away());
  const ids = await log.add([record('a'), record('b'), record('c')]);
  expect(ids).toHaveLength(3);
  expect(counted).toEqual(['deferred 2', 'dropped 1']);
  fails = undefined;
  await expect.poll(hashes).toEqual(['a', 'b']);
});

it('writes the rows that wait when it is closed', async () => {
  const log = create({ retryMs: 60_000 });
  fails = () => Promise.reject(away());
  await log.add([record('a')]);
  fails = undefined;
  await log.close();
  expect(hashes()).toEqual(['a']);
});

it('drops rows that the store refuses later', async () => {
  const log = create();
  fails = () => Promise.reject(away());
  await log.add([record('a')]);
  fails = () => Promise.reject(new Error('document too large'));
  await expect.poll(() => counted).toEqual(['deferred 1', 'dropped 1']);
  fails = undefined;
  await log.add([record('b')]);
  expect(hashes()).toEqual(['b']);
});

it('does not hide other errors', async () => {
  fails = () => Promise.reject(new Error('document too large'));
  await expect(create().add([record('a')])).rejects.toThrow('too large');
});
