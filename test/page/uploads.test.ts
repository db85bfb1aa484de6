import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { renderSample } from '../../sample/render.js';
import { startApi } from '../support/api.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const MIB = 1024 ** 2;
/** Padding that makes the file three parts of at most 16 MiB. */
const PADDING_BYTES = 40 * MIB;

describeInBrowser('upload of a large video', () => {
  let video: string;
  const prepare = async (stack: TestStack) => {
    video = join(stack.folder, 'large.mp4');
    await renderSample({ path: video, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    await appendFile(video, freeBox(PADDING_BYTES));
  };
  const setup = usePageSetup({ prepare, model: MOCK_MODEL_NAME });
  const isReady = (page: Page) =>
    page.waitForSelector('.job-row[data-event^="large-"][data-status="ready"]', {
      timeout: 120_000,
    });

  it('resumes after a reload with the missing parts', async () => {
    const { page } = await setup.visit();
    const sent: string[] = [];
    page.on('requestfinished', (request) => {
      const part = partOf(request.url());
      if (request.method() === 'PUT' && part) sent.push(part);
    });
    await page.route(
      (url) => ['2', '3'].includes(partOf(url.href) ?? ''),
      (route) => route.abort('connectionreset'),
    );
    await page.goto('/');
    await detect(page, video);
    await expect.poll(() => sent, { timeout: 30_000 }).toEqual(['1']);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused.').waitFor();
    await saveScreenshot(page, 'upload-paused');
    await page.unrouteAll();
    await page.reload();
    await page.getByText(/Choose the same file/).waitFor();
    await saveScreenshot(page, 'upload-waiting');
    expect(await seriousViolations(page)).toEqual([]);
    sent.length = 0;
    await detect(page, video);
    await isReady(page);
    expect(sent.toSorted()).toEqual(['2', '3']);
    await page.reload();
    await page.waitForSelector('.job-row');
    expect(await page.locator('.upload').count()).toBe(0);
  });

  it('retries a failed part automatically', async () => {
    const { page } = await setup.visit();
    let failures = 2;
    await page.route(
      (url) => partOf(url.href) === '2',
      (route) => (failures-- > 0 ? route.abort('connectionreset') : route.continue()),
    );
    await page.goto('/');
    await detect(page, video);
    await page.locator('.upload').waitFor();
    await page.locator('.upload').waitFor({ state: 'detached', timeout: 60_000 });
    expect(failures).toBeLessThan(0);
    await isReady(page);
  });

  it('falls back to the API if the store is unreachable, and shows why', async () => {
    const unreachable = `http://127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
    const api = await startApi(setup.stack, { MINIO_PUBLIC_ENDPOINT: unreachable });
    try {
      const { page } = await setup.visit({ baseURL: api.url });
      const posted = page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/videos'),
        { timeout: 60_000 },
      );
      await page.goto('/');
      await detect(page, video);
      await page
        .getByText(`cannot reach the object store at ${unreachable}`)
        .waitFor({ timeout: 60_000 });
      await posted;
      await page.locator('.upload').waitFor({ state: 'detached', timeout: 60_000 });
      await isReady(page);
    } finally {
      await api.stop();
    }
  });
});

async function detect(page: Page, path: string): Promise<void> {
  await page.setInputFiles('input[type=file]', path);
  await page.getByRole('button', { name: 'Detect' }).click();
}

const partOf = (url: string) => new URL(url).searchParams.get('partNumber');

/** MP4 box that readers skip. */
function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write('free', 4, 'latin1');
  return box;
}
