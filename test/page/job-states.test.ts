import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { repeatVideo } from '../support/repeat-video.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

describeInBrowser('job pages', () => {
  const setup = usePageSetup();
  const open = async (path: string) => {
    const { page } = await setup.visit();
    await page.goto(`/${path}`);
    return page;
  };
  const put = async (id: string, change: (file: Buffer) => Buffer = (file) => file) => {
    const path = join(setup.stack.folder, `${id}.mp4`);
    await makeClip(CLIP, path);
    await writeFile(path, change(await readFile(path)));
    await setup.stack.putVideo(id, path);
    return path;
  };

  it('shows empty states without jobs and without matches', async () => {
    const page = await open('');
    await page.getByText('No jobs yet').waitFor();
    await saveScreenshot(page, 'jobs-empty');
    await page.getByLabel('Search jobs').fill('nothing-like-it');
    await page.getByText('No matching jobs').waitFor();
    await saveScreenshot(page, 'jobs-not-found');
  });

  it('shows a running job, and cancels it after confirmation', async () => {
    const long = join(setup.stack.folder, 'long.mp4');
    await repeatVideo(await put('short'), 150, long);
    await setup.stack.putVideo('long', long);
    await setup.stack.start({ video_id: 'long', event_id: 'long', every: 1, frames: 'none' });
    const page = await open('#/job/long');
    await page.locator('.frame-cell[data-drawn]').first().waitFor();
    await page.locator('.progress[aria-valuenow]').waitFor();
    await page.locator('.player-stage canvas[data-frame="0"]').waitFor();
    await page.locator('video').evaluate((video) => (video.dataset['kept'] = 'yes'));
    await saveScreenshot(page, 'job-running');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    await saveScreenshot(page, 'job-cancel');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep running' }).press('Enter');
    expect(await page.locator('.status').textContent()).toMatch(/processing|predictable/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel job' }).click();
    await page.getByText('The job was cancelled').waitFor();
    await page.locator('.status-cancelled').waitFor();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await page.getByText('Export', { exact: true }).click();
    await page.getByRole('link', { name: 'Result' }).waitFor();
    expect(await page.locator('video[data-kept]').count()).toBe(1);
    await saveScreenshot(page, 'job-cancelled');
    await expectAccessible(page);
  });

  it('shows why a job failed and what to do', async () => {
    await put('no-video', () => Buffer.from('Dear reader, this is not a video.\n'.repeat(500)));
    await setup.stack.run({ video_id: 'no-video', event_id: 'failed' }).catch(() => undefined);
    const page = await open('#/job/failed');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /The job failed.*This file cannot be decoded as video: .*\. Check that it plays and is complete\./s,
    );
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    expect(await page.getByText('Loading').count()).toBe(0);
    await saveScreenshot(page, 'job-failed');
    await expectAccessible(page);
  });

  it('shows skipped frames with their reason', async () => {
    await put('damaged', (file) => {
      const start = file.indexOf('mdat') + 4;
      const length = file.indexOf('moov') - 4 - start;
      const from = start + Math.floor(length * 0.4);
      return file.fill(0xa5, from, from + Math.floor(length / 5));
    });
    await setup.stack.run({ video_id: 'damaged', event_id: 'damaged', frames: 'none' });
    const { skipped } = await setup.stack.result('damaged');
    const page = await open('#/job/damaged');
    await page.getByText('skipped frames').waitFor();
    const grid = page.locator('.frame-cell.is-skipped');
    while ((await grid.count()) === 0) {
      await page.getByRole('button', { name: 'Next frames' }).click();
    }
    await grid.first().click();
    await page.locator('.player-caption', { hasText: 'was skipped: not decodable' }).waitFor();
    const total = page.locator('.timeline-skipped .timeline-total');
    expect(await total.textContent()).toBe(String(skipped.length));
    await saveScreenshot(page, 'job-skipped');
    await expectAccessible(page);
  });

  it('reports an unknown job', async () => {
    const page = await open('#/job/nothing-like-it');
    await page.getByRole('heading', { name: 'Job not found', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'All jobs' }).press('Enter');
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  });

  it.each([
    ['the list', '', '.job-row'],
    ['a job', '#/job/damaged', '.facts'],
  ])('opens %s automatically when the API is reachable again', async (_, path, content) => {
    const page = await open('#/system');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await page.context().setOffline(true);
    await page.evaluate((path) => (location.hash = path), path || '#/jobs');
    await page.getByText('Check that it is running').waitFor();
    await page.getByText('This page reconnects automatically').waitFor();
    await saveScreenshot(page, `lost${path.replaceAll(/[#/]+/g, '-')}`);
    await expectAccessible(page);
    await page.context().setOffline(false);
    await page.locator(content).first().waitFor();
    await page.getByText('This page reconnects automatically').waitFor({ state: 'hidden' });
  });

  it('renders the annotated video, shows progress and downloads it', async () => {
    const page = await open('#/job/damaged');
    await page.getByText('Export', { exact: true }).click();
    const button = page.getByRole('button', { name: 'Annotated video' });
    const download = page.waitForEvent('download');
    await button.click();
    await button.getByText('rendering').waitFor();
    await saveScreenshot(page, 'job-annotating');
    expect((await download).suggestedFilename()).toMatch(/\.mp4$/);
    await button.getByText('the download has started').waitFor();
  });
});

async function expectAccessible(page: Page): Promise<void> {
  expect(await seriousViolations(page)).toEqual([]);
}
