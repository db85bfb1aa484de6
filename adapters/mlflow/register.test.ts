import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type Handler,
  type RecordedMlflow,
  startRecordedMlflow,
} from '../../test/support/recorded-mlflow.js';
import { createMlflowRegistrar } from './register.js';

const MODEL = {
  ...{ name: 'fish', id: 'fish-1', path: import.meta.filename, labels: ['bass'] },
  ...{ metrics: {}, params: {}, tags: {}, aliases: ['challenger'] },
};

let mlflow: RecordedMlflow;
/** Versions with the tag of the retraining. */
let versions: number[];
let created: number;
let deleted: number[];
let aliased: unknown[];
beforeEach(async () => {
  mlflow = await startRecordedMlflow();
  [versions, created, deleted, aliased] = [[], 0, [], []];
  const info = { run_id: 'r', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' };
  answer('/experiments/create', () => ({ experiment_id: '1' }));
  answer('/runs/', () => ({ run: { info } }));
  answer('/mlflow-artifacts/', () => ({}));
  answer('/registered-models/create', () => ({}));
  answer('/registered-models/alias', (body) => {
    aliased.push(body);
    return {};
  });
  answer('/model-versions/search', () => ({ model_versions: list() }));
  answer('/model-versions/create', () => {
    versions.push(++created);
    return { model_version: { version: String(created) } };
  });
  mlflow.replace('/model-versions/delete', remove);
});
afterEach(() => mlflow.close());

const list = () => versions.map((version) => ({ name: 'fish', version: String(version) }));
const register = () => createMlflowRegistrar({ uri: mlflow.uri }).register(MODEL);

/** Answers requests for a path with JSON. */
function answer(path: string, reply: (body: unknown) => object): void {
  mlflow.replace(path, (request, response) => {
    void text(request).then((body) =>
      response.end(JSON.stringify(reply(request.method === 'POST' ? JSON.parse(body) : undefined))),
    );
  });
}

/** Deletes a version; one that does not exist is refused as MLflow does. */
const remove: Handler = (request: IncomingMessage, response) => {
  void text(request).then((body) => {
    const version = Number((JSON.parse(body) as { version: string }).version);
    const isThere = versions.includes(version);
    versions = versions.filter((each) => each !== version);
    if (isThere) deleted.push(version);
    const refusal = { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'not found' };
    response.writeHead(isThere ? 200 : 404).end(JSON.stringify(isThere ? {} : refusal));
  });
};

it('registers a model once', async () => {
  expect(await register()).toEqual({ version: 1 });
  expect(await register()).toEqual({ version: 1 });
  expect([created, deleted]).toEqual([1, []]);
  expect(aliased).toContainEqual({ name: 'fish', alias: 'challenger', version: '1' });
});

it('returns the same version from attempts that overlap, and deletes the duplicate', async () => {
  let waiting = 0;
  const { promise: bothUpload, resolve } = Promise.withResolvers<void>();
  // Both attempts have looked for a version before one is created.
  mlflow.replace('/registered-models/create', (_, response) => {
    if (++waiting === 2) resolve();
    void bothUpload.then(() => response.end('{}'));
  });
  expect(await Promise.all([register(), register()])).toEqual([{ version: 1 }, { version: 1 }]);
  expect([created, versions, deleted]).toEqual([2, [1], [2]]);
  expect(aliased).toEqual([
    { name: 'fish', alias: 'challenger', version: '1' },
    { name: 'fish', alias: 'challenger', version: '1' },
  ]);
});

it('deletes the duplicate that an earlier attempt has left', async () => {
  versions = [3, 5];
  expect(await register()).toEqual({ version: 3 });
  expect([created, versions, deleted]).toEqual([0, [3], [5]]);
});

it('continues if another attempt deletes the duplicate first', async () => {
  versions = [3];
  mlflow.replace('/model-versions/search', (_, response) => {
    const found = [3, 5].map((version) => ({ name: 'fish', version: String(version) }));
    response.end(JSON.stringify({ model_versions: found }));
  });
  expect(await register()).toEqual({ version: 3 });
  expect(deleted).toEqual([]);
});

it('fails if a duplicate cannot be deleted', async () => {
  versions = [3, 5];
  mlflow.replace('/model-versions/delete', (_, response) => response.writeHead(500).end());
  await expect(register()).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
  expect(aliased).toEqual([]);
});
