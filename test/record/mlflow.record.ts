import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import {
  FISH,
  KERAS,
  NAMED,
  registerScenario,
  registerScenario2,
  TAGGED,
  UNUSABLE,
} from '../support/mlflow-scenario.js';
import { askMlflow, prepareMlflow, startMlflow } from '../support/mlflow-server.js';
import { type RecordedAnswer, RECORDINGS } from '../support/recorded-mlflow.js';

const API = '/api/2.0/mlflow';
/** Id of a logged model that does not exist. */
const UNKNOWN_MODEL = `m-${'0'.repeat(32)}`;
/** Key of the answer to a host name that the server does not know. */
const REJECTED_HOST = '/rejected-host?';
const FILES = ['MLmodel', 'model.onnx', 'class_indices.json', 'weights.bin', 'data/model.keras'];
/** Path of the files of a logged model, and of its description. */
const LOGGED_MODELS = '/ajax-api/2.0/mlflow/logged-models';
const LOGGED_MODEL = `${API}/logged-models`;

it.each([
  [3, registerScenario, recordAll],
  [2, registerScenario2, recordAll2],
] as const)('records the answers of MLflow %i for the tests of its client', async (...args) => {
  const [major, register, recordAnswers] = args;
  const server = await startMlflow(await prepareMlflow(readConfig().cacheDir, major));
  try {
    await register(server.uri);
    const answers: Record<string, RecordedAnswer> = {};
    const record = async (path: string, query: Record<string, string> = {}) => {
      const url = `${path}?${new URLSearchParams(query).toString()}`;
      const response = await askMlflow(`${server.uri}${url}`);
      const body = Buffer.from(await response.arrayBuffer());
      const type = response.headers.get('content-type');
      answers[url] = { status: response.status, type, body: body.toString('base64') };
      return body.toString();
    };
    await recordAnswers(record);
    if (major === 3) answers[REJECTED_HOST] = await askAsAnotherHost(server.uri);
    expect(answers['/version?']).toMatchObject({ status: 200 });
    await writeFile(RECORDINGS[major], `${JSON.stringify(answers, null, 2)}\n`);
  } finally {
    await server.stop();
  }
});

type Recorder = (path: string, query?: Record<string, string>) => Promise<string>;

async function recordAll(record: Recorder): Promise<void> {
  await record('/version');
  await record(`${API}/registered-models/search`, { max_results: '1' });
  for (const [name, count] of [
    [FISH, 3],
    [NAMED, 1],
    [TAGGED, 1],
    [KERAS, 1],
    [UNUSABLE, 6],
  ] as const) {
    for (let version = 1; version <= count; version++) await recordVersion(record, name, version);
    await recordLatest(record, name);
    await record(`${API}/registered-models/get`, { name });
  }
  await record(`${API}/registered-models/alias`, { name: FISH, alias: 'champion' });
  await record(`${API}/registered-models/alias`, { name: FISH, alias: 'unknown' });
  await record(`${API}/registered-models/alias`, { name: 'unknown', alias: 'champion' });
  await record(`${API}/model-versions/get`, { name: FISH, version: '99' });
  await record(`${LOGGED_MODEL}/${UNKNOWN_MODEL}`);
  await recordLatest(record, 'unknown');
}

async function recordAll2(record: Recorder): Promise<void> {
  await record('/version');
  await record(`${API}/registered-models/search`, { max_results: '1' });
  for (const [name, count] of [
    [FISH, 2],
    [KERAS, 1],
  ] as const) {
    for (let version = 1; version <= count; version++) await recordVersion(record, name, version);
    await recordLatest(record, name);
  }
  for (const alias of ['champion', 'unknown']) {
    await record(`${API}/registered-models/alias`, { name: FISH, alias });
  }
  await record(`${LOGGED_MODEL}/${UNKNOWN_MODEL}`);
  await record(`${API}/model-versions/get`, { name: FISH, version: '99' });
}

async function recordLatest(record: Recorder, name: string): Promise<void> {
  const order = { order_by: 'version_number DESC', max_results: '1' };
  await record(`${API}/model-versions/search`, { filter: `name='${name}'`, ...order });
}

async function recordVersion(record: Recorder, name: string, number: number): Promise<void> {
  const version = String(number);
  const text = await record(`${API}/model-versions/get`, { name, version });
  const { model_version } = JSON.parse(text) as {
    model_version: { run_id: string; source: string };
  };
  for (const path of FILES) {
    await record('/model-versions/get-artifact', { name, version, path });
    await record('/get-artifact', { run_id: model_version.run_id, path });
    await record('/get-artifact', { run_id: model_version.run_id, path: `model/${path}` });
  }
  const { source } = model_version;
  if (name !== FISH || !source.startsWith('models:/')) return;
  const modelId = source.replace('models:/', '');
  await record(`${LOGGED_MODEL}/${modelId}`);
  for (const path of FILES) {
    await record(`${LOGGED_MODELS}/${modelId}/artifacts/files`, { artifact_file_path: path });
  }
}

/** Asks with a host name that the server does not know. */
async function askAsAnotherHost(uri: string): Promise<RecordedAnswer> {
  const request = get(`${uri}${API}/registered-models/search?max_results=1`, {
    headers: { host: 'mlflow:5000' },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage]; // as Node documents
  const { statusCode: status = 0, headers } = response;
  const type = headers['content-type'] ?? null;
  return { status, type, body: (await buffer(response)).toString('base64') };
}
