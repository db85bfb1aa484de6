import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMlflowRegistrar } from '../../adapters/mlflow/register.js';
import { checkMlflow } from '../../cli/doctor/check-mlflow.js';
import { ownEnvironment, readConfig } from '../../config/index.js';
import { catalogueNameOf } from '../../domain/model/mlflow-ref.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { projectFile } from '../../platform/package-root.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { writeFixtureModel } from '../support/fixture-models.js';
import { drawImage } from '../support/image-api.js';
import { registerModel, setAlias } from '../support/mlflow-models.js';
import {
  FISH,
  FISH_LABELS,
  fixtureFiles,
  KERAS,
  KERAS_LABELS,
  NAMED,
  registerScenario,
  TAGGED,
  UNUSABLE,
} from '../support/mlflow-scenario.js';
import {
  listMlflowVersions,
  type MlflowServer,
  prepareMlflowIfPossible,
  startMlflow,
} from '../support/mlflow-server.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

/** Classifier that the API follows: version 1 is `champion`. */
const FOLLOWED = 'mlflow-followed';
const VIDEO = 'mlflow-video';
/** Model that is registered by a retraining. */
const RETRAINED = 'mlflow-retrained';
/** Model that two attempts register at the same time. */
const OVERLAPPING = 'mlflow-overlapping';
/** Time within which the API uses the version to which an alias was moved. */
const FRESH_MS = 15_000;

const python = await prepareMlflowIfPossible(readConfig().cacheDir);

describe.skipIf(python === undefined)('models of an MLflow server', () => {
  let stack: SharedConnection;
  let mlflow: MlflowServer;
  let api: TestApi;
  beforeAll(async () => {
    stack = await connectSharedStack();
    mlflow = await startMlflow(python!); // else skipped
    await registerScenario(mlflow.uri);
    await register(['a', 'b', 'c']);
    await setAlias(mlflow.uri, FOLLOWED, 'champion', 1);
    api = await startFollowing();
  });
  afterAll(async () => {
    await api?.stop();
    await mlflow?.stop();
    await stack?.close();
  });

  /** Registers the next version of a classifier, whose labels tell it from others. */
  async function register(labels: readonly string[], files = fixtureFiles('keras')) {
    const indices = Object.fromEntries(labels.map((label, index) => [label, index]));
    const runFiles = { 'class_indices.json': JSON.stringify(indices) };
    const flavors = { onnx: { data: 'model.onnx' }, python_function: {} };
    return registerModel(mlflow.uri, { name: FOLLOWED, files, flavors, runFiles });
  }

  /** Starts an API whose model is an alias in MLflow. */
  function startFollowing(): Promise<TestApi> {
    return startApi(stack, {
      ...{ VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: `models:/${FOLLOWED}@champion` },
      ...{ MLFLOW_URI: mlflow.uri, VIDETTE_TEST_TIMING: '{}' },
    });
  }

  const modelInfo = () => json<Record<string, unknown>>(fetch(`${api.url}/model_info`));

  it('are loaded when the API starts, which shows where they are from', async () => {
    await untilServed(api, ['a', 'b', 'c']);
    expect(await modelInfo()).toEqual({
      ...{ model_name: FOLLOWED, version: 1, classes: ['a', 'b', 'c'] },
      registry: {
        uri: `models:/${FOLLOWED}@champion`,
        checked_at: expect.stringMatching(/^20/) as string,
        error: null,
      },
    });
  });

  it('are replaced within 15 s after their alias has moved, and no request fails', async () => {
    const stop = new AbortController();
    const predicted: (Predicted & { readonly at: number })[] = [];
    const send = async () => {
      while (!stop.signal.aborted) {
        predicted.push({ ...(await predictAt(api.url)), at: performance.now() });
      }
    };
    const senders = Array.from({ length: 2 }, send);
    await sleep(1000);
    const { version } = await register(['x', 'y', 'z']);
    await setAlias(mlflow.uri, FOLLOWED, 'champion', version);
    const movedAt = performance.now();
    await expect.poll(() => predicted.at(-1)?.labels, { timeout: 60_000 }).toEqual(['x', 'y', 'z']);
    await sleep(1000);
    stop.abort();
    await Promise.all(senders);
    expect(predicted.filter(({ status }) => status !== 200)).toEqual([]);
    const old = predicted.filter(({ labels }) => labels[0] === 'a');
    expect(old.length).toBeGreaterThan(0);
    expect(old.at(-1)!.at - movedAt).toBeLessThan(FRESH_MS);
  });

  it('are not replaced by a version that cannot be run', async () => {
    const { 'weights.bin': _, ...withoutWeights } = fixtureFiles('outside');
    const { version } = await register(['a', 'b', 'c'], withoutWeights);
    await setAlias(mlflow.uri, FOLLOWED, 'champion', version);
    const reason = expect.stringMatching(/names weights in weights.bin/) as string;
    await expect
      .poll(modelInfo, { timeout: 60_000 })
      .toMatchObject({ version: 2, unusable: { version, reason } });
    expect(await predictAt(api.url)).toEqual({ status: 200, labels: ['x', 'y', 'z'] });
    expect(await (await fetch(`${api.url}/metrics`)).text()).toMatch(
      /vidette_model_source_errors_total\{name="models:\/mlflow-followed@champion",reason="MODEL_INVALID"\} \d/,
    );
  });

  it.each([
    [`models:/${FOLLOWED}/1`, ['a', 'b', 'c']],
    [`models:/${FOLLOWED}/latest`, ['x', 'y', 'z']],
    [`${FOLLOWED}@champion`, ['x', 'y', 'z']],
    [`models:/${FISH}/latest`, FISH_LABELS],
    [`models:/${TAGGED}@unknown`, 404],
    [`models:/${UNUSABLE}/3`, 422],
    [`models:/${UNUSABLE}/latest`, 503],
  ])('predict if a request names them as %s', async (spec, expected) => {
    const { status, labels } = await predictAt(api.url, spec);
    expect(status === 200 ? labels : status).toEqual(expected);
  });

  it('predict if they are a file of Keras, or a logged model', async () => {
    const keras = await predictAt(api.url, `models:/${KERAS}/latest`);
    expect(keras).toEqual({ status: 200, labels: KERAS_LABELS });
    const { mlflow: origin } = await pulled(`models:/${FISH}/1`);
    const logged = await predictAt(api.url, `models:/${origin!.model_id}`);
    expect(logged).toEqual({ status: 200, labels: FISH_LABELS });
  });

  it('detect objects in videos, by the version that MLflow names', async () => {
    const path = join(stack.folder, 'clip.mp4');
    await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, path);
    await stack.putVideo(VIDEO, path);
    const ids = { video_id: VIDEO, event_id: 'mlflow-job' };
    const started = await api.post('/jobs', { ...ids, model: `models:/${NAMED}/latest` });
    expect(started.status).toBe(202);
    await expect
      .poll(() => stack.documents.findEvent('mlflow-job'), { timeout: 60_000 })
      .toMatchObject({ status: 'ready' });
    const { model } = await stack.result('mlflow-job');
    expect(model).toMatchObject({ name: catalogueNameOf(NAMED), version: 1 });
  });

  function pull(uri: string) {
    const variables = { ...stack.settings, MLFLOW_URI: mlflow.uri, VIDETTE_DATA_DIR: stack.folder };
    const args = [projectFile('dist/cli/main.js'), 'models', 'pull', uri, '--json'];
    const env = { ...ownEnvironment(), ...variables };
    return execa(process.execPath, args, { env, reject: false, stdin: 'ignore' });
  }

  async function pulled(uri: string): Promise<ModelManifest> {
    const { stdout, stderr, exitCode } = await pull(uri);
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as ModelManifest; // without its labels
  }

  async function predict(model: string): Promise<string[]> {
    const { status, labels } = await predictAt(stack.apiUrl, model);
    expect(status).toBe(200);
    return labels;
  }

  it('are pulled by their latest version, which predicts with the labels of its run', async () => {
    const latest = { name: FISH, version: 3, classes: 3, mlflow: { name: FISH, version: 3 } };
    expect(await pulled(`models:/${FISH}/latest`)).toMatchObject(latest);
    expect(await predict(`${FISH}@3`)).toEqual(FISH_LABELS);
  });

  it('are pulled by version and by alias, also after the alias has moved', async () => {
    expect(await pulled(`models:/${FISH}/2`)).toMatchObject({ version: 2 });
    expect(await pulled(`models:/${FISH}@champion`)).toMatchObject({ version: 1 });
    await setAlias(mlflow.uri, FISH, 'champion', 2);
    expect(await pulled(`models:/${FISH}@champion`)).toMatchObject({ version: 2 });
  });

  it('are pulled with external data, and with labels of a tag', async () => {
    const files = [{ name: 'weights.bin', size_bytes: 72 }];
    expect(await pulled(`models:/${NAMED}/1`)).toMatchObject({ files, mlflow: { name: NAMED } });
    expect(await pulled(`models:/${TAGGED}/latest`)).toMatchObject({ name: TAGGED, classes: 3 });
  });

  it.each([
    [`models:/${UNUSABLE}/1`, 1, /names weights in weights\.bin which it does not have/],
    [`models:/${UNUSABLE}/4`, 1, /its flavours: keras/],
    [`models:/${UNUSABLE}/6`, 1, /layer "scale" \(Lambda\)/],
    [`models:/${FISH}@unknown`, 2, /has no model models:\/mlflow-fish@unknown/],
  ])('are refused: %s', async (uri, code, message) => {
    const { exitCode, stderr } = await pull(uri);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  it('are checked by the doctor', async () => {
    const message = `3.17.2 at ${mlflow.uri}`;
    const config = readConfig({ MLFLOW_URI: `${mlflow.uri}/` });
    expect(await checkMlflow(config)).toEqual([{ name: 'MLflow', state: 'ok', message }]);
  });

  it('are registered once for a retraining, as models that MLflow itself reads', async () => {
    const path = await writeFixtureModel(stack.folder, 'keras');
    const registrar = createMlflowRegistrar({ uri: mlflow.uri });
    const model = {
      ...{ name: RETRAINED, id: 'mlflow-retrained-1', path, labels: FISH_LABELS },
      ...{ metrics: { test_challenger: 0.93 }, params: { base: 'fish@3' } },
      ...{ tags: { 'vidette.version': '4' }, aliases: ['challenger'] },
    };
    expect(await registrar.register(model)).toEqual({ version: 1 });
    expect(await registrar.register({ ...model, aliases: ['champion'] })).toEqual({ version: 1 });
    expect(await registrar.register({ ...model, id: 'mlflow-retrained-2' })).toEqual({
      version: 2,
    });
    const script = `import mlflow
print(*(sorted(mlflow.models.get_model_info("models:/${RETRAINED}@challenger").flavors)))
print(mlflow.MlflowClient().get_model_version_by_alias("${RETRAINED}", "champion").version)`;
    const env = { MLFLOW_TRACKING_URI: mlflow.uri, MLFLOW_DISABLE_TELEMETRY: 'true' };
    const { stdout } = await execa(python!, ['-c', script], { env }); // else skipped
    expect(stdout.split('\n')).toEqual(['onnx python_function', '1']);
    const champion = await predictAt(api.url, `models:/${RETRAINED}@champion`);
    expect(champion).toEqual({ status: 200, labels: FISH_LABELS });
  });

  it('are registered once by attempts that overlap', async () => {
    const path = await writeFixtureModel(stack.folder, 'keras');
    const registrar = createMlflowRegistrar({ uri: mlflow.uri });
    const model = {
      ...{ name: OVERLAPPING, id: 'mlflow-overlapping-1', path, labels: FISH_LABELS },
      ...{ metrics: {}, params: {}, tags: {}, aliases: ['challenger'] },
    };
    const attempts = await Promise.all([registrar.register(model), registrar.register(model)]);
    expect(attempts).toEqual([{ version: 1 }, { version: 1 }]);
    expect(await listMlflowVersions(mlflow.uri, OVERLAPPING)).toEqual(['1']);
    expect(await registrar.register(model)).toEqual({ version: 1 });
  });

  it('predict after MLflow has stopped, also in an API that starts then', async () => {
    await mlflow.stop();
    const { exitCode, stderr } = await pull(`models:/${FISH}/latest`);
    expect(stderr).toContain('ECONNREFUSED');
    expect(exitCode).toBe(4);
    expect(await predict(`${FISH}@3`)).toEqual(FISH_LABELS);
    expect(await predictAt(api.url)).toEqual({ status: 200, labels: ['x', 'y', 'z'] });
    await api.stop();
    api = await startFollowing();
    await untilServed(api, ['x', 'y', 'z']);
    const error = expect.stringContaining('ECONNREFUSED') as string;
    expect(await modelInfo()).toMatchObject({ version: 2, registry: { checked_at: null, error } });
  });
});

interface Predicted {
  readonly status: number;
  /** Classes of the response, in the order of the model. */
  readonly labels: string[];
}

/** Predicts an image by the model of the API, or by another one. */
async function predictAt(url: string, model?: string): Promise<Predicted> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(await drawImage())]), 'image.png');
  const query = model === undefined ? '' : `?model=${encodeURIComponent(model)}`;
  const response = await fetch(`${url}/predict${query}`, { method: 'POST', body: form });
  const body = (await response.json()) as { all_predictions?: Record<string, number> };
  return { status: response.status, labels: Object.keys(body.all_predictions ?? {}) };
}

async function untilServed({ url }: TestApi, labels: string[]): Promise<void> {
  await expect
    .poll(() => predictAt(url), { timeout: 60_000, interval: 250 })
    .toEqual({ status: 200, labels });
}
