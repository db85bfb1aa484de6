import { messageOf } from '../../domain/errors.js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMlflow } from '../../cli/doctor/check-mlflow.js';
import { ownEnvironment, readConfig } from '../../config/index.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { projectFile } from '../../platform/package-root.js';
import { drawImage } from '../support/image-api.js';
import { setAlias } from '../support/mlflow-models.js';
import {
  FISH,
  FISH_LABELS,
  NAMED,
  registerScenario,
  TAGGED,
  UNUSABLE,
} from '../support/mlflow-scenario.js';
import { type MlflowServer, prepareMlflow, startMlflow } from '../support/mlflow-server.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const python = await prepareMlflow(readConfig().cacheDir).catch((error: unknown) => {
  const reasons =
    /ENOENT|ensurepip|(Connection|NameResolution|Proxy)Error|timed out|No matching distribution/i;
  if (!reasons.test(messageOf(error))) throw error;
  console.warn(
    'LEFT OUT: the tests with MLflow. They need Python 3 with venv, and PyPI to install it.',
  );
  return undefined;
});

describe.skipIf(python === undefined)('models of an MLflow server', () => {
  let stack: SharedConnection;
  let mlflow: MlflowServer;
  beforeAll(async () => {
    stack = await connectSharedStack();
    mlflow = await startMlflow(python!); // else skipped
    await registerScenario(mlflow.uri);
  });
  afterAll(async () => {
    await mlflow?.stop();
    await stack?.close();
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

  async function predict(model: string): Promise<Record<string, unknown>> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(await drawImage())]), 'image.png');
    const url = `${stack.apiUrl}/predict?model=${model}`;
    const response = await fetch(url, { method: 'POST', body: form });
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  }

  it('are pulled by their latest version, which predicts with the labels of its run', async () => {
    const latest = { name: FISH, version: 3, classes: 3, mlflow: { name: FISH, version: 3 } };
    expect(await pulled(`models:/${FISH}/latest`)).toMatchObject(latest);
    const { all_predictions } = await predict(`${FISH}@3`);
    expect(Object.keys(all_predictions as object)).toEqual(FISH_LABELS);
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

  it('predict after MLflow has stopped, which pull reports', async () => {
    await mlflow.stop();
    const { exitCode, stderr } = await pull(`models:/${FISH}/latest`);
    expect(stderr).toContain('ECONNREFUSED');
    expect(exitCode).toBe(4);
    expect(await predict(`${FISH}@3`)).toHaveProperty('all_predictions');
  });
});
