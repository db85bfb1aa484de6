import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createMockModel } from '../../models/mock/mock-model.js';
import { readTestImage } from '../../sample/test-image.js';
import { type Container, startContainer, startForTest } from './containers.js';
import { cpuSecondsOf } from './inner-processes.js';
import { askInside, type InnerRequest, untilReady } from './requests.js';

const KEY = /^API key, which is shown only once: (vidette_\S+)$/m;
const DEFAULT_MODEL = 'yolox_nano';
/** Limit of the time to ready on an idle core. */
const READY_CPU_S = 5;

let serve: Container;
let image: Buffer;
let key: string;
/** CPU time until it was ready, in seconds. */
let cpuS: number;
const ask = (request: InnerRequest) =>
  askInside(serve, { ...request, headers: { authorization: `Bearer ${key}`, ...request.headers } });

beforeAll(async () => {
  ({ bytes: image } = await readTestImage());
  serve = await startContainer({ image: inject('images').serve, args: ['--cpus', '1'] });
  await untilReady(serve);
  cpuS = await cpuSecondsOf(serve);
  key = KEY.exec((await serve.output()).stderr)?.[1] ?? '';
});
afterAll(() => serve?.remove());

describe('the image serve without a network, a folder of models or a setting', () => {
  it('needs few seconds of one core until it is ready', async () => {
    const { stdout } = await serve.output();
    const seconds = Number(/"seconds":([\d.]+)/.exec(stdout)?.[1]);
    const load = loadavg()[0]!.toFixed(1);
    console.log(
      `image serve: ready ${seconds.toFixed(2)} s after its start, ${cpuS.toFixed(2)} s of CPU, load ${load}`,
    );
    // Other programs of this machine change the time, but not the seconds of CPU.
    expect(cpuS).toBeLessThan(READY_CPU_S);
    expect(seconds).toBeGreaterThan(0);
  });

  it('prints one key once', async () => {
    const { stdout, stderr } = await serve.output();
    expect(stderr.match(/vidette_\S+/g)).toEqual([key]);
    expect(stdout).not.toContain(key);
  });

  it('names where the key is in the answer to a request without one', async () => {
    const { status, body } = await askInside(serve, { path: '/model_info' });
    expect(status).toBe(401);
    expect(body.toString()).toContain('printed its key when it first started');
    expect(body.toString()).not.toContain('keys create');
  });

  it('answers images', async () => {
    const predicted = await ask({ path: '/predict', image });
    expect([predicted.status, predicted.json()]).toMatchObject([
      200,
      { class: expect.any(String) as string },
    ]);
    const found = await ask({ path: '/detect', image });
    expect(found.status).toBe(200);
    const { prediction } = found.json<{ prediction: { objects: readonly unknown[] } }>();
    expect(prediction.objects.length).toBeGreaterThan(0);
    const cut = await ask({
      path: '/process',
      image,
      fields: { mode: 'crop' },
      headers: { accept: 'image/png' },
    });
    expect([cut.status, (await sharp(cut.body).metadata()).format]).toEqual([200, 'png']);
  });

  it('reports its state and its model', async () => {
    expect((await askInside(serve, { path: '/livez' })).status).toBe(200);
    expect((await askInside(serve, { path: '/readyz' })).status).toBe(200);
    const health = await askInside(serve, { path: '/health' });
    expect(health.json()).toMatchObject({ status: 'healthy' });
    const info = await ask({ path: '/model_info' });
    expect(info.json()).toMatchObject({ model_name: DEFAULT_MODEL });
    expect((await ask({ path: '/api/v1/system' })).json()).toMatchObject({ role: 'images' });
  });

  it('serves the page with its script', async () => {
    const page = await askInside(serve, { path: '/' });
    expect([page.status, page.type]).toEqual([200, expect.stringContaining('text/html')]);
    const script = /src="(\/[^"]+\.js)"/.exec(page.body.toString())![1]!;
    const { status, type } = await askInside(serve, { path: script });
    expect([status, type]).toEqual([200, expect.stringContaining('javascript')]);
  });

  it('writes below /tmp only, and no identifier of this machine', async () => {
    expect(await serve.exitCodeOf(['touch', '/app/x'])).not.toBe(0);
    const found = await serve.exec([
      'bash',
      '-c',
      'find / -name deviceid -not -path "/proc/*" 2>/dev/null; true',
    ]);
    expect(found).toBe('');
  });

  it('collects processes whose parent has ended', async () => {
    await serve.exec(['bash', '-c', 'for i in 1 2 3; do (sleep 0.1 &); done']);
    await expect
      .poll(() => serve.exec(['bash', '-c', 'cat /proc/[0-9]*/comm']))
      .not.toContain('sleep');
  });

  it('ends by SIGTERM', async () => {
    const started = performance.now();
    expect(await serve.stop()).toBe(0);
    console.log(
      `image serve: ended ${Math.round(performance.now() - started)} ms after podman stop`,
    );
    expect(await serve.isRunning()).toBe(false);
  });
});

it('serves everyone with VIDETTE_API_OPEN', async () => {
  const settings = { VIDETTE_API_OPEN: 'true' };
  const open = await startForTest({ image: inject('images').serve, settings });
  await untilReady(open);
  expect((await askInside(open, { path: '/predict', image })).status).toBe(200);
  expect((await open.output()).stderr).toBe('');
});

it('adds the models of a folder to its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-serve-models-'));
  try {
    const { bytes, manifest } = createMockModel();
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'fish'));
    await writeFile(join(folder, 'fish/model.onnx'), bytes);
    await writeFile(
      join(folder, 'fish/manifest.json'),
      JSON.stringify({ ...manifest, name: 'fish' }),
    );
    const both = await startForTest({
      image: inject('images').serve,
      settings: { VIDETTE_API_OPEN: 'true', VIDETTE_CLASSIFIER: 'fish' },
      args: ['--volume', `${folder}:/models:ro`],
    });
    await untilReady(both);
    expect((await askInside(both, { path: '/model_info' })).json()).toMatchObject({
      model_name: 'fish',
    });
    const { models } = (await askInside(both, { path: '/api/v1/models' })).json<{
      models: readonly { name: string }[];
    }>();
    expect(models.map(({ name }) => name).sort()).toEqual(['fish', DEFAULT_MODEL]);
    const detected = await askInside(both, { path: `/detect?model=${DEFAULT_MODEL}`, image });
    expect(detected.status).toBe(200);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('ends with one line if a setting is wrong', async () => {
  const wrong = await startForTest({
    image: inject('images').serve,
    settings: { VIDETTE_API_PORT: 'eight' },
  });
  await expect.poll(() => wrong.isRunning()).toBe(false);
  expect((await wrong.output()).stderr).toMatch(/^Invalid configuration: VIDETTE_API_PORT: .*\n?$/);
});
