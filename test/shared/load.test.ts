import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareLocust, runLocust } from '../../bench/load/locust.js';
import { readConfig } from '../../config/index.js';
import { drawImage } from '../support/image-api.js';
import { plainImage } from '../support/plain-image.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const RUN = { users: 2, seconds: 3, pauseS: 0 };
const PREPARE_MS = 300_000;

let stack: SharedConnection;
let locust: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  locust = await prepareLocust(readConfig().cacheDir);
}, PREPARE_MS);
afterAll(() => stack?.close());

/** Runs the users of the load test with one image; returns the requests and failures of each row. */
async function rowsOf(image: Buffer, model?: string) {
  const images = join(stack.folder, `images-${model ?? 'default'}`);
  await mkdir(images);
  await writeFile(join(images, 'image.png'), image);
  const rows = await runLocust(locust, { ...RUN, host: stack.apiUrl, images, model });
  return new Map(rows.map((row) => [row.name, row]));
}

it('sends images to /process and /predict without a failure', async () => {
  const rows = await rowsOf(await drawImage());
  expect([...rows.keys()].sort()).toEqual(['/predict', '/process']);
  for (const row of rows.values()) {
    expect(row.num_requests).toBeGreaterThan(0);
    expect(row.num_failures).toBe(0);
  }
});

it('counts an image without an object in a row of its own, not as a failure', async () => {
  const black = await plainImage(0);
  const rows = await rowsOf(black, REAL_MODEL);
  expect(rows.has('/process')).toBe(false);
  expect(rows.get('/process (object not found)')?.num_requests).toBeGreaterThan(0);
  for (const row of rows.values()) expect(row.num_failures).toBe(0);
});

it('names what failed', async () => {
  const images = join(stack.folder, 'images-broken');
  await mkdir(images);
  await writeFile(join(images, 'image.png'), 'not an image');
  const rows = await runLocust(locust, { ...RUN, host: stack.apiUrl, images });
  for (const { num_requests, num_failures } of rows) expect(num_failures).toBe(num_requests);
  expect(rows.length).toBeGreaterThan(0);
});

it('needs images', async () => {
  const images = join(stack.folder, 'images-none');
  await mkdir(images);
  await expect(runLocust(locust, { ...RUN, host: stack.apiUrl, images })).rejects.toThrow(
    'VIDETTE_LOAD_IMAGES',
  );
});
