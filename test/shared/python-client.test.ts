import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { drawImage } from '../support/image-api.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { preparePython } from '../support/python-environment.js';
import { repeatVideo } from '../support/repeat-video.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const PACKAGE = projectFile('clients/python');
const PREPARE_MS = 600_000;
const RUNS_FOR_MS = 480_000;
/** Makes 10,000 frames: more than any machine detects before the next request. */
const LONG_REPEATS = 500;

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
  let installed: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    stack = await connectSharedStack();
    installed = await mkdtemp(join(tmpdir(), 'vidette-python-client-'));
    env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: installed };
    // Its dependencies and the build backend are in the environment.
    const options = ['--no-deps', '--no-build-isolation', '--target', installed];
    expect(await runPython('pip', 'install', '-q', ...options, PACKAGE)).toEqual([0, '']);
  }, PREPARE_MS);
  afterAll(async () => {
    await stack?.close();
    await rm(installed, { recursive: true, force: true });
  });

  /** Runs a module of Python in the folder of the package; returns its exit code and output. */
  async function runPython(module: string, ...args: string[]): Promise<[number, string]> {
    const options = { cwd: PACKAGE, env, all: true, reject: false } as const;
    const { exitCode, all } = await execa(join(bin!, 'python'), ['-m', module, ...args], options); // else skipped
    return [exitCode ?? -1, all];
  }

  it('has types and style without findings', { timeout: RUNS_FOR_MS }, async () => {
    const mypyCache = join(installed, 'mypy-cache');
    expect(await runPython('mypy', '--cache-dir', mypyCache)).toEqual([
      0,
      expect.stringMatching(/^Success: no issues found in \d+ source files$/),
    ]);
    expect(await runPython('mypy', '--cache-dir', mypyCache, '--strict', 'tests')).toEqual([
      0,
      expect.stringMatching(/^Success: no issues found in \d+ source files$/),
    ]);
    expect(await runPython('ruff', 'check', '--no-cache', '.')).toEqual([0, 'All checks passed!']);
    const [code, all] = await runPython('ruff', 'format', '--no-cache', '--check', '.');
    expect([code, all]).toEqual([0, expect.stringMatching(/^\d+ files already formatted$/)]);
  });

  it('passes its tests on this API', { timeout: RUNS_FOR_MS }, async () => {
    const [code, all] = await withFiles(stack, async (variables) => {
      Object.assign(env, variables);
      return runPython('pytest', '--tb=short');
    });
    expect([code, all]).toEqual([0, expect.stringMatching(/^\d+ passed\b/m)]);
    expect(all).not.toMatch(/\d+ (skipped|warning|xfailed)/);
  });
});

/** Makes the files that the tests in Python use, and passes the variables that name them. */
async function withFiles<T>(
  { folder, apiUrl, settings }: SharedConnection,
  use: (variables: Record<string, string>) => Promise<T>,
): Promise<T> {
  const clip = join(folder, 'python-client.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, clip);
  await repeatVideo(clip, LONG_REPEATS, join(folder, 'python-client-long.mp4'));
  await writeFile(join(folder, 'image.png'), await drawImage());
  const cameras = join(settings['VIDETTE_FILE_ROOT']!, 'python-client'); // set for the shared stack
  await mkdir(cameras, { recursive: true });
  const camera = await makeMovingClip(join(cameras, 'camera.mp4'), 4);
  return use({
    VIDETTE_URL: apiUrl,
    VIDETTE_TEST_FILES: folder,
    VIDETTE_TEST_CAMERA: pathToFileURL(camera).href,
  });
}
