import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS } from '../../domain/names.js';
import type { FollowedModels } from '../../domain/ports/followed-models.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ModelSource } from '../../domain/ports/model-source.js';
import { mirrorVersion } from '../../models/add/mirror-model.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { FISH, NAMED, UNUSABLE } from '../../test/support/mlflow-scenario.js';
import { type RecordedMlflow, startRecordedMlflow } from '../../test/support/recorded-mlflow.js';
import { createModelRegistry } from '../store/model-registry.js';
import { createFollowedModels } from './followed-models.js';
import { createMlflowSource } from './mlflow-source.js';

let folder: string;
let mlflow: RecordedMlflow;
let source: ModelSource;
let models: ModelRegistry;
let followed: FollowedModels;
let copies: string[];
let failures: string[];

beforeEach(async () => {
  [copies, failures] = [[], []];
  folder = await mkdtemp(join(tmpdir(), 'vidette-followed-'));
  mlflow = await startRecordedMlflow();
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.models);
  models = createModelRegistry(objects);
  start();
});
afterEach(async () => {
  await source.close();
  await mlflow.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a process with the same catalogue. */
function start(): void {
  source = createMlflowSource({ uri: mlflow.uri, maxBytes: 20_000 });
  followed = createFollowedModels({
    ...{ models, source },
    mirror: (version) => {
      copies.push(`${version.name}/${version.version}`);
      const answer = () => () => Promise.reject(new Error('no questions'));
      const request = { config: { dataDir: folder }, source, models, answers: {}, answer };
      return mirrorVersion(version, { ...request, runs: IN_PROCESS_RUNS });
    },
    onFailure: (spec) => failures.push(spec),
  });
}

const URI = `models:/${FISH}@champion`;
const CHAMPION = 'alias=champion';

/** Makes MLflow's alias refer to another version, whose answers are recorded. */
function moveAlias(name: string, version: number): void {
  const asked = `/api/2.0/mlflow/model-versions/get?name=${name}&version=${version}`;
  mlflow.replace(CHAMPION, (_, response) => {
    void fetch(`${mlflow.uri}${asked}`).then(async (answer) => response.end(await answer.text()));
  });
}

const versionOf = async (spec: string) => (await followed.resolve(spec)).version;

describe('a model of MLflow', () => {
  it('is copied once, when it is first named', async () => {
    const [first, second] = await Promise.all([followed.resolve(URI), followed.resolve(URI)]);
    expect(first).toMatchObject({ name: FISH, version: 1, mlflow: { name: FISH, version: 1 } });
    expect(second).toEqual(first);
    expect(copies).toEqual([`${FISH}/1`]);
    expect(failures).toEqual([]);
  });

  it.each([
    [`models:/${FISH}/latest`, 3],
    [`models:/${FISH}/2`, 2],
    [`models:/${FISH}@champion`, 1],
  ])('is found as %s', async (uri, version) => {
    expect(await versionOf(uri)).toBe(version);
  });

  it('is found by its name in the catalogue, once that has it', async () => {
    await expect(versionOf(FISH)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await versionOf(`models:/${FISH}/1`)).toBe(1);
    expect(await versionOf(FISH)).toBe(3);
    expect(await versionOf(`${FISH}@2`)).toBe(2);
    expect(await versionOf(`${FISH}@champion`)).toBe(1);
  });

  it('keeps its name with other characters', async () => {
    const { name, mlflow: origin } = await followed.resolve(`models:/${NAMED}/latest`);
    expect(origin?.name).toBe(NAMED);
    expect(await versionOf(name)).toBe(1);
    expect(followed.followedBy(name)).toMatchObject({ uri: `models:/${NAMED}/latest` });
  });

  it('is the one of the alias after that has moved', async () => {
    expect(await versionOf(URI)).toBe(1);
    moveAlias(FISH, 2);
    expect(await versionOf(URI)).toBe(2);
    expect(await versionOf(`${FISH}@champion`)).toBe(2);
    const [alias] = await models.aliases.list(FISH);
    expect(alias).toMatchObject({ alias: 'champion', version: 2, by: 'MLflow' });
  });

  it('is not asked for again by its version', async () => {
    expect(await versionOf(`models:/${FISH}/2`)).toBe(2);
    const count = mlflow.asked.length;
    expect(await versionOf(`models:/${FISH}/2`)).toBe(2);
    expect(mlflow.asked).toHaveLength(count);
  });
});

describe('while MLflow is unavailable', () => {
  it('the copy is used, also by a process that has just started', async () => {
    expect(await versionOf(URI)).toBe(1);
    expect(await versionOf(`models:/${FISH}/3`)).toBe(3);
    expect(followed.followedBy(URI)).toMatchObject({ uri: URI, error: null });
    mlflow.replace('', (_, response) => response.writeHead(503).end());
    expect(await versionOf(URI)).toBe(1);
    expect(followed.followedBy(URI)!.error).toMatch(/answered 503/);
    await source.close();
    start();
    expect(await versionOf(URI)).toBe(1);
    expect(await versionOf(`models:/${FISH}/latest`)).toBe(3);
    expect(followed.followedBy(URI)).toMatchObject({ checkedAt: null });
    expect(failures).not.toEqual([]);
  });

  it('a model that was never copied is reported as unavailable, with one request', async () => {
    mlflow.replace('', (_, response) => response.writeHead(503).end());
    await expect(versionOf(URI)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    await expect(versionOf(URI)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    expect(mlflow.asked).toHaveLength(1);
  });
});

describe('a version that cannot be run', () => {
  it('does not replace the last good one, and is downloaded once', async () => {
    expect(await versionOf(URI)).toBe(1);
    mlflow.replace('get-artifact?name=mlflow-fish&version=2', (_, response) => {
      response.writeHead(404).end('{}');
    });
    mlflow.replace('path=model%2FMLmodel', (_, response) => response.writeHead(404).end('{}'));
    moveAlias(FISH, 2);
    expect(await versionOf(URI)).toBe(1);
    expect(await versionOf(`${FISH}@champion`)).toBe(1);
    const unusable = { version: 2, reason: expect.stringContaining('no MLmodel file') as string };
    expect(followed.followedBy(URI)).toMatchObject({ error: null, unusable });
    expect(copies).toEqual([`${FISH}/1`, `${FISH}/2`]);
    moveAlias(FISH, 3);
    expect(await versionOf(URI)).toBe(3);
    expect(followed.followedBy(URI)).not.toHaveProperty('unusable');
  });

  it('is an error if there is no good one: of the version, else of the model', async () => {
    await expect(versionOf(`models:/${UNUSABLE}/1`)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    const latest = followed.resolve(`models:/${UNUSABLE}/latest`);
    await expect(latest).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await expect(latest).rejects.toThrow(/no earlier version is in the catalogue.*Lambda/);
  });
});

it('leaves models that were added to the catalogue to it', async () => {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  await models.publish(path, { ...manifest, name: FISH });
  expect(await versionOf(`models:/${FISH}/latest`)).toBe(1);
  expect(await versionOf(FISH)).toBe(1);
  expect(followed.followedBy(FISH)).toBeUndefined();
  expect(mlflow.asked).toEqual([]);
});
