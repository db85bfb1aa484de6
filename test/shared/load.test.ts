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

/**
 * Runs the users of the load test with one image until both routes have replied; returns the requests
 * and failures of each row.
 */
async function rowsOf(name: string, image: Buffer | string, model?: string) {
  const images = join(stack.folder, `images-${name}`);
  await mkdir(images);
  await writeFile(join(images, 'image.png'), image);
  for (;;) {
    const found = await runLocust(locust, { ...RUN, host: stack.apiUrl, images, model });
    const rows = new Map(found.map((row) => [row.name, row]));
    const hasReplied = (route: string) => [...rows.keys()].some((row) => row.startsWith(route));
    if (hasReplied('/process') && hasReplied('/predict')) return rows;
  }
}

it('sends images to /process and /predict without a failure', async () => {
  const rows = await rowsOf('drawn', await drawImage());
  expect([...rows.keys()].sort()).toEqual(['/predict', '/process']);
  for (const row of rows.values()) {
    expect(row.num_requests).toBeGreaterThan(0);
    expect(row.num_failures).toBe(0);
  }
});

it('counts an image without an object in a row of its own, not as a failure', async () => {
  const rows = await rowsOf('black', await plainImage(0), REAL_MODEL);
  expect(rows.has('/process')).toBe(false);
  expect(rows.get('/process (object not found)')?.num_requests).toBeGreaterThan(0);
  for (const row of rows.values()) expect(row.num_failures).toBe(0);
});

it('names what failed', async () => {
  const rows = await rowsOf('broken', 'not an image');
  for (const row of rows.values()) expect(row.num_failures).toBe(row.num_requests);
});

it('needs images', async () => {
  const images = join(stack.folder, 'images-none');
  await mkdir(images);
  await expect(runLocust(locust, { ...RUN, host: stack.apiUrl, images })).rejects.toThrow(
    'VIDETTE_LOAD_IMAGES',
  );
});
