import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { drawImage } from '../support/image-api.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { plainImage } from '../support/plain-image.js';
import { publishClassifier, publishMockVersions } from '../support/publish-models.js';
import { preparePython } from '../../bench/python-environment.js';
import { repeatVideo } from '../support/repeat-video.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { storeStripedDataset } from '../support/striped-dataset.js';

const PACKAGE = projectFile('clients/python');
const NOTEBOOK = 'tests/test_notebook.py';
const PREPARE_MS = 600_000;
const RUNS_FOR_MS = 480_000;
/** Makes 10,000 frames: more than any machine detects before the next request. */
const LONG_REPEATS = 500;
/** Classifier of two versions, and the data set of its name. */
const CLASSIFIER = 'python-client-fish';
/** Detector on whose results no other test gives feedback. */
const DETECTOR = 'python-client-mock';
const BUCKET = 'python-client-in';
const IMAGES = 8;
const BROKEN = 3;

const bin = await preparePython(
  readConfig().cacheDir,
  'python-client',
  join(import.meta.dirname, '../fixtures/python-client/requirements.txt'),
).catch((error: unknown) => {
  const reasons =
    /ENOENT|ensurepip|(Connection|NameResolution|Proxy)Error|timed out|No matching distribution/i;
  if (!reasons.test(messageOf(error))) throw error;
  console.warn(
    'LEFT OUT: the tests of the Python client. They need Python 3 with venv, and PyPI to install pytest, mypy and pandas.',
  );
  return undefined;
});

/** The package as it is installed, on the API of the shared stack. */
describe.skipIf(bin === undefined)('the Python client', () => {
  let stack: SharedConnection;
  let api: TestApi;
  let installed: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    stack = await connectSharedStack();
    installed = await mkdtemp(join(tmpdir(), 'vidette-python-client-'));
    env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: installed };
    await Promise.all([install(), prepareApi()]);
  }, PREPARE_MS);
  afterAll(async () => {
    await api?.stop();
    await stack?.close();
    await rm(installed, { recursive: true, force: true });
  });

  async function install(): Promise<void> {
    // Its dependencies and the build backend are in the environment.
    const options = ['--no-deps', '--no-build-isolation', '--target', installed];
    expect(await runPython('pip', 'install', '-q', ...options, PACKAGE)).toEqual([0, '']);
  }

  /** Starts a second API, whose classifier has experiments, and makes the files of the tests. */
  async function prepareApi(): Promise<void> {
    await storeImages(stack);
    api = await startApi(stack, { VIDETTE_CLASSIFIER: `${CLASSIFIER}@1`, VIDETTE_API_LANES: '1' });
    const variables = await makeFiles(stack);
    env = { ...env, ...variables, VIDETTE_TEST_CLASSIFIER_URL: api.url };
  }

  async function expectPassed(...args: string[]): Promise<void> {
    const [code, all] = await runPython('pytest', '--tb=short', ...args);
    expect([code, all]).toEqual([0, expect.stringMatching(/^\d+ passed\b/m)]);
    expect(all).not.toMatch(/\d+ (skipped|warning|xfailed)/);
  }

  /** Runs a module of Python in the folder of the package; returns its exit code and output. */
  async function runPython(module: string, ...args: string[]): Promise<[number, string]> {
    const options = { cwd: PACKAGE, env, all: true, reject: false } as const;
    const { exitCode, all } = await execa(join(bin!, 'python'), ['-m', module, ...args], options); // else skipped
    return [exitCode ?? -1, all];
  }

  // The checkers need processors, and the tests wait for jobs: all three run at the same time.
  it.concurrent('has types and style without findings', { timeout: RUNS_FOR_MS }, async () => {
    const mypyCache = join(installed, 'mypy-cache');
    const checked = ['--strict', 'src/vidette', 'tests'];
    expect(await runPython('mypy', '--cache-dir', mypyCache, ...checked)).toEqual([
      0,
      expect.stringMatching(/^Success: no issues found in \d+ source files$/),
    ]);
    expect(await runPython('ruff', 'check', '--no-cache', '.')).toEqual([0, 'All checks passed!']);
    const [code, all] = await runPython('ruff', 'format', '--no-cache', '--check', '.');
    expect([code, all]).toEqual([0, expect.stringMatching(/^\d+ files already formatted$/)]);
  });

  it.concurrent('passes its tests on this API', { timeout: RUNS_FOR_MS }, () =>
    expectPassed('--ignore', NOTEBOOK),
  );

  it.concurrent('has a notebook that runs on this API', { timeout: RUNS_FOR_MS }, () =>
    expectPassed(NOTEBOOK),
  );
});

/** Makes the files that the tests in Python use; returns the variables that name them. */
async function makeFiles({
  folder,
  apiUrl,
  settings,
}: SharedConnection): Promise<Record<string, string>> {
  const clip = join(folder, 'python-client.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, clip);
  await repeatVideo(clip, LONG_REPEATS, join(folder, 'python-client-long.mp4'));
  await writeFile(join(folder, 'image.png'), await drawImage());
  const cameras = join(settings['VIDETTE_FILE_ROOT']!, 'python-client'); // set for the shared stack
  await mkdir(cameras, { recursive: true });
  const camera = await makeMovingClip(join(cameras, 'camera.mp4'), 4);
  return {
    VIDETTE_URL: apiUrl,
    VIDETTE_TEST_FILES: folder,
    VIDETTE_TEST_CAMERA: pathToFileURL(camera).href,
    VIDETTE_TEST_BUCKET: BUCKET,
    VIDETTE_TEST_CLASSIFIER: CLASSIFIER,
    VIDETTE_TEST_DETECTOR: DETECTOR,
  };
}

/** Stores the images of batches, and what retrainings and experiments need. */
async function storeImages(stack: SharedConnection): Promise<void> {
  const { objects } = stack;
  for (const labels of [
    ['bass', 'eel', 'ray'],
    ['eel', 'ray', 'bass'],
  ])
    await publishClassifier(stack, CLASSIFIER, labels);
  await publishMockVersions(stack, DETECTOR);
  await storeStripedDataset(objects, CLASSIFIER);
  await objects.ensureBucket(BUCKET);
  for (let i = 0; i < IMAGES; i++)
    await objects.put(BUCKET, `day/${i}.png`, i === BROKEN ? 'broken' : await plainImage(i));
}
