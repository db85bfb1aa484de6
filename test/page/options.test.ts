import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import type { TestStack } from '../support/stack.js';
import { dropFile, saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';
import { offerUnknownClass } from './unknown-class.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

interface ListedJob {
  readonly event_id: string;
  readonly video_name: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

describeInBrowser('options of a job', () => {
  let clip: string;
  const prepare = async (stack: TestStack) => {
    clip = join(stack.folder, 'clip.mp4');
    await makeClip(CLIP, clip);
  };
  const setup = usePageSetup({ prepare });
  const open = async (options?: Parameters<typeof setup.visit>[0]) => {
    const { page } = await setup.visit(options);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
    });
    await page.goto('/');
    return { page, posts };
  };
  const jobsOf = async (name: string) => {
    const response = await fetch(`${setup.api.url}/api/v1/jobs?text=${name}`);
    return ((await response.json()) as { jobs: ListedJob[] }).jobs;
  };

  it('offers the sample video on the empty page', async () => {
    const { page } = await open();
    await page.getByText('Vidette finds objects in videos').waitFor();
    await page.getByRole('button', { name: 'Try the sample video' }).click();
    await page.locator('.staged', { hasText: 'sample.mp4' }).waitFor();
    await page.getByRole('button', { name: 'Detect' }).click();
    await page.locator('.job-row[data-event^="sample-"] .poster img').waitFor();
  });

  it('starts a job with the chosen options, which it sends after the file is staged', async () => {
    const { page, posts } = await open({ viewport: { width: 1440, height: 900 } });
    await page.setInputFiles('input[type=file]', clip);
    await page.locator('.staged .poster video').waitFor();
    await page.getByLabel('Process every nth frame').fill('10');
    await page.getByLabel('Minimum confidence').fill('0.33');
    await page.getByLabel('Overlap limit').fill('0.6');
    await page.getByLabel('Device').selectOption('cpu');
    await page.getByLabel('Preprocessing').selectOption('none');
    expect(await isCutOff(page.getByLabel('To second'))).toBe(false);
    await page.getByLabel('From second').fill('2');
    await page.getByLabel('To second').fill('10.5');
    await page.locator('.class-picker summary').click();
    await page.getByLabel('Search classes').fill('ca');
    await page.getByRole('checkbox', { name: 'car', exact: true }).check();
    await page.getByRole('checkbox', { name: 'cat', exact: true }).check();
    await saveScreenshot(page, 'options');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.class-choices').waitFor({ state: 'hidden' });
    expect(posts).toEqual([]);
    await page.getByRole('button', { name: 'Detect' }).click();
    const row = page.locator('.job-row[data-event^="clip-"][data-status="ready"]');
    await row.waitFor();
    const poster = row.locator('.poster img');
    await poster.waitFor();
    expect(await poster.getAttribute('src')).toMatch(/frames\/50\.jpg$/); // at 2 s
    const text = await row.textContent();
    expect(text).toContain('clip.mp4');
    expect(text).toMatch(
      /every 10th frame · from 33 % · car, cat · 0:02.0 to 0:10.5 · no preprocessing · CPU/,
    );
    expect(text).toMatch(/\d+ frames · [\d,]+ detections?/);
    const [job] = await jobsOf('clip');
    expect(job!.parameters).toMatchObject({ from_ms: 2000, to_ms: 10_500 });
    expect(job!.parameters).toMatchObject({ iou: 0.6, preprocess: false, classes: ['car', 'cat'] });
  });

  it('offers the video tracks of a file with several only', async () => {
    const tracks = join(setup.stack.folder, 'tracks.mp4');
    const both = ['-i', clip, '-i', clip, '-map', '0:v', '-map', '1:v', '-c', 'copy'];
    await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...both, tracks]);
    const { page } = await open();
    await page.setInputFiles('input[type=file]', tracks);
    await page.locator('.staged', { hasText: '2 video tracks' }).waitFor();
    const field = page.getByLabel('Video track');
    await field.waitFor();
    expect(await field.locator('option').allTextContents()).toEqual([
      ...['default of the file', '0', '1'],
    ]);
    await field.selectOption('1');
    await saveScreenshot(page, 'tracks');
    expect(await seriousViolations(page)).toEqual([]);
    await page.setInputFiles('input[type=file]', clip);
    await field.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Remove clip.mp4' }).click();
    await field.selectOption('1');
    await page.getByRole('button', { name: 'Detect' }).click();
    const row = page.locator('.job-row[data-event^="tracks-"][data-status="ready"]');
    await row.getByText('video track 1').waitFor();
    const [job] = await jobsOf('tracks');
    expect(job!.parameters).toMatchObject({ track: 1 });
  });

  it('rejects a number outside of its limits before the upload', async () => {
    const { page, posts } = await open();
    await page.setInputFiles('input[type=file]', clip);
    const field = page.getByLabel('Overlap limit');
    await field.fill('1.5');
    await page.getByRole('button', { name: 'Detect' }).click();
    expect(await field.evaluate((input: HTMLInputElement) => input.validity.valid)).toBe(false);
    await field.fill('0.5');
    const end = page.getByLabel('To second');
    await page.getByLabel('From second').fill('7');
    await end.fill('6.5');
    await page.getByRole('button', { name: 'Detect' }).click();
    expect(await end.evaluate((input: HTMLInputElement) => input.validationMessage)).toBe(
      'Enter more than 7.',
    );
    expect(posts).toEqual([]);
    await page.locator('.staged').waitFor();
  });

  it('refuses a file that is not a video before the upload', async () => {
    const { page, posts } = await open();
    const bytes = Buffer.from('# Notes\n');
    await dropFile(page, '.drop-zone', { name: 'notes.mp4', type: 'video/mp4', bytes });
    await page.getByText('notes.mp4 is a text file, not a video.').waitFor();
    expect(await page.locator('.staged').count()).toBe(0);
    await saveScreenshot(page, 'not-a-video');
    expect(await seriousViolations(page)).toEqual([]);
    expect(posts).toEqual([]);
  });

  it('reuses the upload after the API has rejected an option', async () => {
    const other = join(setup.stack.folder, 'other.mp4');
    await writeFile(other, Buffer.concat([await readFile(clip), freeBox()]));
    const { page, posts } = await open();
    await offerUnknownClass(page, 'dragon');
    await page.setInputFiles('input[type=file]', other);
    await page.locator('.class-picker summary').click();
    await page.getByRole('checkbox', { name: 'dragon' }).check();
    await page.getByRole('button', { name: 'Detect' }).click();
    await page.locator('.staged-error', { hasText: 'dragon' }).waitFor();
    await saveScreenshot(page, 'rejected-option');
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator('.class-choices').waitFor({ state: 'hidden' });
    await page.locator('.class-picker summary').click();
    await page.getByRole('checkbox', { name: 'dragon' }).uncheck();
    await page.getByRole('button', { name: 'Detect' }).click();
    await page.waitForSelector('.job-row[data-event^="other-"]');
    expect(posts).toEqual(['/api/v1/videos', '/api/v1/jobs', '/api/v1/jobs']);
  });

  it('runs a job again with changed options, the others as they were', async () => {
    const { page } = await open();
    const [job] = await jobsOf('clip');
    await page.goto(`/#/job/${job!.event_id}`);
    await page.getByRole('button', { name: 'Run again' }).click();
    const dialog = page.getByRole('dialog');
    const every = dialog.getByLabel('Process every nth frame');
    await every.waitFor();
    expect(await every.inputValue()).toBe('10');
    expect(await dialog.getByLabel('Preprocessing').inputValue()).toBe('none');
    expect(await dialog.getByLabel('Device').inputValue()).toBe('cpu');
    expect(await dialog.getByLabel('To second').inputValue()).toBe('10.5');
    await dialog.getByLabel('To second').fill('');
    await dialog.getByLabel('Minimum confidence').fill('0.5');
    await saveScreenshot(page, 'rerun');
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL((url) => !url.hash.endsWith(job!.event_id));
    await page.locator('.status-ready').waitFor();
    expect(await page.title()).toBe('clip.mp4 · Vidette');
    const { to_ms: _, ...rest } = job!.parameters;
    const parameters = { ...rest, conf: 0.5 };
    expect((await jobsOf('clip'))[0]!.parameters).toEqual(parameters);
  });

  it('filters the detections of a job', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } });
    const [job] = await jobsOf('clip');
    await page.goto(`/#/job/${job!.event_id}`);
    await page.getByRole('button', { name: 'Filter …' }).click();
    const dialog = page.getByRole('dialog');
    const conf = dialog.getByLabel('Minimum confidence');
    expect(await conf.inputValue()).toBe(String(job!.parameters['conf']));
    await conf.fill('0.1');
    await dialog.getByRole('button', { name: 'Start' }).click();
    expect(await conf.evaluate((input: HTMLInputElement) => input.validity.rangeUnderflow)).toBe(
      true,
    );
    await conf.fill('0.9');
    await saveScreenshot(page, 'derive-390');
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL((url) => !url.hash.endsWith(job!.event_id));
    await page.locator('.status-ready').waitFor();
    await saveScreenshot(page, 'derived-390');
    await page.getByRole('link', { name: 'filtered from another job' }).click();
    await page.waitForURL((url) => url.hash.endsWith(job!.event_id));
  });
});

/** Whether the placeholder of an empty field is wider than the field. */
function isCutOff(field: Locator): Promise<boolean> {
  return field.evaluate((input: HTMLInputElement) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(input);
    const context = document.createElement('canvas').getContext('2d')!; // supported by Chromium
    context.font = font;
    const room = input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return context.measureText(input.placeholder).width > room;
  });
}

/** MP4 box that readers skip: it makes the same video another file. */
function freeBox(): Buffer {
  return Buffer.from('\u0000\u0000\u0000\u0009free.', 'latin1');
}
