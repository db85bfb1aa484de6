import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { JobPage } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { repeatVideo } from '../support/repeat-video.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';
import { offerUnknownClass } from './unknown-class.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

describeInBrowser('batches', () => {
  let files: string[];
  const prepare = async (stack: TestStack) => {
    const inFolder = (name: string) => join(stack.folder, name);
    const [first, second, broken] = ['first.mp4', 'second.mp4', 'broken.mp4'].map(inFolder);
    await makeClip({ ...CLIP, frames: 50 }, first!);
    await makeClip({ ...CLIP, frames: 60 }, second!);
    const start = (await readFile(first!)).subarray(0, 64);
    await writeFile(broken!, Buffer.concat([start, Buffer.alloc(4096)]));
    files = [first!, second!, broken!];
    await stack.putVideo('alone', first!);
    await stack.run({ video_id: 'alone', event_id: 'alone', every: 10, frames: 'none' });
  };
  const setup = usePageSetup({ prepare, model: MOCK_MODEL_NAME });
  const open = async () => {
    const { page } = await setup.visit();
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
    });
    await page.goto('/');
    return { page, posts };
  };
  const jobsOf = async (batchId: string) =>
    (await json<JobPage>(setup.api.at(`/jobs?batch=${batchId}`))).jobs;

  it('returns several files to the staged ones if the API rejects their options', async () => {
    const { page, posts } = await open();
    await offerUnknownClass(page, 'dragon');
    await page.setInputFiles('input[type=file]', files.slice(0, 2));
    await page.locator('.class-picker summary').click();
    await page.getByRole('checkbox', { name: 'dragon' }).check();
    await page.getByRole('button', { name: 'Detect in 2 videos' }).click();
    await page.locator('.staged-error', { hasText: 'dragon' }).waitFor();
    expect(await page.locator('.staged').count()).toBe(2);
    expect(await page.locator('.staged-error').count()).toBe(1);
    expect(posts).toEqual(['/api/v1/videos', '/api/v1/videos', '/api/v1/video-batches']);
    await saveScreenshot(page, 'batch-rejected');
    await page.locator('.class-picker summary').click();
    await page.getByRole('checkbox', { name: 'dragon' }).uncheck();
    await page.getByLabel('Minimum confidence').fill('0.5');
    await page.getByRole('button', { name: 'Detect in 2 videos' }).click();
    await page.locator('[data-batch]', { hasText: '2 ready' }).waitFor();
    expect(posts.slice(3)).toEqual(['/api/v1/video-batches']);
  });

  it('starts several files as one batch and counts its jobs', async () => {
    const { page, posts } = await open();
    await page.setInputFiles('input[type=file]', files);
    await page.getByRole('button', { name: 'Detect in 3 videos' }).click();
    const row = page.locator('[data-batch]', { hasText: 'Batch of 3 videos' });
    await row.getByText('2 ready, 1 failed').waitFor();
    await page.locator('.upload').waitFor({ state: 'detached' });
    expect(posts.filter((path) => path === '/api/v1/video-batches')).toHaveLength(1);
    expect(posts).not.toContain('/api/v1/jobs');
    await saveScreenshot(page, 'batch');
    expect(await seriousViolations(page)).toEqual([]);
    const batchId = (await row.getAttribute('data-batch'))!;
    expect(await jobsOf(batchId)).toHaveLength(3);
  });

  it('merges the detections of a batch into one CSV', async () => {
    const { page } = await open();
    const row = page.locator('[data-batch]', { hasText: 'Batch of 3 videos' });
    const download = page.waitForEvent('download');
    await row.getByRole('link', { name: 'CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${await row.getAttribute('data-batch')}.csv`);
    expect(await text(await file.createReadStream())).toMatch(/^video,x_min,/);
  });

  it('lists the jobs of a batch only, and all jobs again', async () => {
    const { page } = await open();
    await page.locator('.job-row[data-event="alone"]').waitFor();
    await page.getByRole('link', { name: 'Batch of 3 videos' }).click();
    await page.getByRole('heading', { name: 'Jobs of a batch' }).waitFor();
    const jobs = page.locator('.job-row[data-event]');
    await expect.poll(() => jobs.count()).toBe(3);
    expect(await page.locator('.job-row[data-event="alone"]').count()).toBe(0);
    await expect.poll(() => page.locator('[data-batch]').count()).toBe(1);
    await page.getByLabel('Status').selectOption('failed');
    await expect.poll(() => jobs.count()).toBe(1);
    await saveScreenshot(page, 'batch-jobs');
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.locator('.job-row[data-event="alone"]').waitFor();
  });

  it('runs the failed job of a batch again, and no other', async () => {
    const { page } = await open();
    const row = page.locator('[data-batch]', { hasText: 'Batch of 3 videos' });
    const batchId = (await row.getAttribute('data-batch'))!;
    const runs = async () => {
      const jobs = await jobsOf(batchId);
      return new Map(jobs.map(({ event_id, run_id }) => [event_id, run_id]));
    };
    const failed = (await jobsOf(batchId)).find(({ status }) => status === 'failed')!.event_id;
    const before = await runs();
    await row.getByRole('button', { name: 'Retry 1 failed' }).click();
    await expect.poll(async () => (await runs()).get(failed)).not.toBe(before.get(failed));
    await row.getByText('2 ready, 1 failed').waitFor();
    const after = await runs();
    for (const [id, run] of before) if (id !== failed) expect(after.get(id)).toBe(run);
  });

  it('cancels a batch after confirmation', async () => {
    const long = join(setup.stack.folder, 'long.mp4');
    await repeatVideo(files[0]!, 900, long);
    for (const id of ['long-1', 'long-2']) await setup.stack.putVideo(id, long);
    const body = { video_ids: ['long-1', 'long-2'], every: 1, frames: 'none' };
    const response = await setup.api.post('/video-batches', body);
    const { batch_id } = (await response.json()) as { batch_id: string };
    const { page } = await open();
    const row = page.locator(`[data-batch="${batch_id}"]`);
    await row.getByText('2 running').waitFor();
    await saveScreenshot(page, 'batch-running');
    expect(await seriousViolations(page)).toEqual([]);
    await row.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel batch' }).click();
    await row.and(page.locator('[data-status="cancelled"]')).waitFor();
    await row.getByText('2 cancelled').waitFor();
    await row.getByRole('button', { name: 'Retry 2 jobs' }).waitFor();
  });
});
