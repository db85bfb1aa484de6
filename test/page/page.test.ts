import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderSample } from '../../sample/render.js';
import { groundTruth, SIZE } from '../../sample/scene.js';
import type { TestStack } from '../support/stack.js';
import { dropFile, keepPicture, seriousViolations } from './browser.js';
import { describeInBrowser, openPageDesk } from './desk.js';
import { edgesDrawn, pixelsDrawn, playAndNote, showFrame } from './overlay.js';

const EVERY = 5;

describeInBrowser('the page', () => {
  let sample: Buffer;
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    sample = await readFile(path);
    await stack.putVideo('sample', path);
    await stack.run({ video_id: 'sample', event_id: 'stored', frames: 'objects' });
    await stack.run({ video_id: 'sample', event_id: 'unstored', frames: 'none' });
  };
  const desk = openPageDesk({ prepare });

  it('leads from dropping a file to boxes on the right frame', async () => {
    const { page, foreign, complaints } = await desk.visit();
    await page.goto('/');
    await keepPicture(page, 'jobs');
    await dropFile(page, '.drop-zone', { name: 'street.mp4', type: 'video/mp4', bytes: sample });
    const row = page.locator('.job-row[data-event^="street-"]');
    await row.waitFor();
    await keepPicture(page, 'jobs-running');
    await page.waitForSelector('.job-row[data-event^="street-"][data-status="ready"]');
    await row.locator('a').first().click();
    for (const frame of [125, 127, 250, 495]) {
      const sampled = frame - (frame % EVERY);
      await showFrame(page, frame, sampled);
      for (const { bbox } of groundTruth(sampled)) {
        expect(await edgesDrawn(page, bbox, SIZE)).toBe(4);
      }
    }
    await showFrame(page, 250, 250);
    const [stopSignBefore] = groundTruth(0);
    expect(await edgesDrawn(page, stopSignBefore!.bbox, SIZE)).toBeLessThan(4);
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    await keepPicture(page, 'job');
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each([0.5, 1])('draws the boxes of what is on the screen at %dx', async (speed) => {
    const { page } = await desk.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 0, 0);
    const shown = await playAndNote(page, speed, 30);
    expect(shown.map(({ boxesOf }) => boxesOf)).toEqual(
      shown.map(({ frame }) => frame - (frame % EVERY)),
    );
  });

  it('filters at once', async () => {
    const { page } = await desk.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 100, 100);
    const all = await pixelsDrawn(page);
    await page.getByRole('checkbox', { name: 'clock' }).uncheck();
    const some = await pixelsDrawn(page);
    await page.getByLabel('Confidence from').fill('1');
    expect(await pixelsDrawn(page)).toBe(0);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });

  it('draws the frames of a job that stored none from its video', async () => {
    const { page } = await desk.visit();
    await page.goto('/#/job/unstored');
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    expect(await page.locator('.frame-cell:is(.is-skipped, .is-blank)').count()).toBe(0);
    await keepPicture(page, 'job-unstored');
  });

  it('goes by keyboard', async () => {
    const { page } = await desk.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 100, 100);
    await page.locator('.player-stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.player-stage canvas[data-frame="105"]');
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('.player-stage canvas[data-frame="100"]');
    await page.goto('/#/jobs');
    await page.getByRole('link', { name: 'stored', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/job/stored');
  });

  it('tells what a picture shows, cuts it, and takes a correction', async () => {
    const { page, complaints } = await desk.visit();
    const frame = await fetch(`${desk.api.url}/api/v1/jobs/stored/frames/0.jpg`);
    const path = join(desk.stack.folder, 'frame.jpg');
    await writeFile(path, Buffer.from(await frame.arrayBuffer()));
    await page.goto('/#/image');
    await page.setInputFiles('input[type=file]', path);
    await page.waitForSelector('[data-class="stop sign"]');
    await page.getByRole('button', { name: 'Both' }).click();
    await page.waitForSelector('.before-after figure:nth-child(3)');
    await page.getByLabel('What the picture shows').fill('уличный знак');
    await page.getByRole('button', { name: 'Correct it' }).click();
    await page.locator('td', { hasText: 'уличный знак' }).waitFor();
    await keepPicture(page, 'image');
    expect(complaints).toEqual([]);
  });

  it.each(['', '#/job/stored', '#/image', '#/system', '#/job/nothing-like-it'])(
    'has nothing serious for axe, in light and dark, and fits a phone: /%s',
    async (path) => {
      const name = path.replaceAll(/[#/]+/g, '-') || '-jobs';
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await desk.visit({ colorScheme, viewport: { width: 390, height: 844 } });
        await page.goto(`/${path}`);
        await page.waitForLoadState('networkidle');
        await page.locator('h1, [role=alert]').first().waitFor();
        await keepPicture(page, `phone-${colorScheme}${name}`);
        expect(await seriousViolations(page)).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect(wide).toBe(false);
        await page.context().close();
      }
    },
  );
});
