import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COCO_LABELS } from '../../domain/model/coco-labels.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { renderSample } from '../../sample/render.js';
import { groundTruth, SIZE } from '../../sample/scene.js';
import type { TestStack } from '../support/stack.js';
import { dropFile, saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';
import { countDrawnEdges, countDrawnPixels, recordPlayback, showFrame } from './overlay.js';

const EVERY = 5;

describeInBrowser('page', () => {
  let sample: Buffer;
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    sample = await readFile(path);
    await stack.putVideo('sample', path);
    await stack.run({ video_id: 'sample', event_id: 'stored', frames: 'objects' });
    await stack.run({ video_id: 'sample', event_id: 'unstored', frames: 'none' });
  };
  const setup = usePageSetup({ prepare });

  it('detects a dropped file and draws boxes on the right frame', async () => {
    const { page, foreign, errors } = await setup.visit();
    await page.goto('/');
    await saveScreenshot(page, 'jobs');
    await dropFile(page, '.drop-zone', { name: 'street.mp4', type: 'video/mp4', bytes: sample });
    await saveScreenshot(page, 'jobs-staged');
    await page.getByRole('button', { name: 'Detect' }).click();
    const row = page.locator('.job-row[data-event^="street-"]');
    await row.waitFor();
    await saveScreenshot(page, 'jobs-running');
    await page.waitForSelector('.job-row[data-event^="street-"][data-status="ready"]');
    await row.locator('a').first().click();
    for (const frame of [125, 127, 250, 495]) {
      const sampled = frame - (frame % EVERY);
      await showFrame(page, frame, sampled);
      for (const { bbox } of groundTruth(sampled)) {
        expect(await countDrawnEdges(page, bbox, SIZE)).toBe(4);
      }
    }
    await showFrame(page, 250, 250);
    const [stopSignBefore] = groundTruth(0);
    expect(await countDrawnEdges(page, stopSignBefore!.bbox, SIZE)).toBeLessThan(4);
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    await saveScreenshot(page, 'job');
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
  });

  it.each([0.5, 1])('draws the boxes of the frame on the screen at %dx', async (speed) => {
    const { page } = await setup.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 0, 0);
    const shown = await recordPlayback(page, speed, 30);
    expect(shown.map(({ boxesOf }) => boxesOf)).toEqual(
      shown.map(({ frame }) => frame - (frame % EVERY)),
    );
  });

  it('applies filters immediately', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 100, 100);
    const all = await countDrawnPixels(page);
    await page.getByRole('checkbox', { name: 'clock' }).uncheck();
    const some = await countDrawnPixels(page);
    await page.getByLabel('Minimum confidence').fill('1');
    expect(await countDrawnPixels(page)).toBe(0);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });

  it('shows one class only, in the colour of its id', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 100, 100);
    const all = await countDrawnPixels(page);
    const clock = page.getByRole('checkbox', { name: 'clock' });
    const colour = await clock.evaluate((box) => box.style.getPropertyValue('--class-colour'));
    expect(colour).toBe(createPalette(COCO_LABELS)('clock'));
    await page.getByRole('button', { name: 'Show only clock' }).click();
    const checked = page.locator('.class-chips input:checked');
    await expect.poll(() => checked.count()).toBe(1);
    expect(await countDrawnPixels(page)).toBeLessThan(all);
    await page.getByRole('button', { name: 'Show all classes' }).click();
    await expect.poll(() => countDrawnPixels(page)).toBe(all);
  });

  it('links to a moment with its filter', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 250, 250);
    await page.getByRole('button', { name: 'Show only clock' }).click();
    await page.getByLabel('Minimum confidence').fill('0.4');
    await page.getByRole('button', { name: 'Share at 0:10' }).waitFor();
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/^#\/job\/stored\?t=10\.\d+&class=clock&conf=0\.4$/);
    const drawn = await countDrawnPixels(page);
    expect(drawn).toBeGreaterThan(0);
    const other = await setup.visit();
    await other.page.goto(`/${hash}`);
    await other.page.waitForSelector('.player-stage canvas[data-frame="250"]');
    await expect.poll(() => countDrawnPixels(other.page)).toBe(drawn);
    expect(await other.page.getByLabel('Minimum confidence').inputValue()).toBe('0.4');
    await saveScreenshot(other.page, 'moment');
  });

  it('shows the class timeline under the video without scrolling', async () => {
    const { page } = await setup.visit({ viewport: { width: 1440, height: 900 } });
    await page.goto('/#/job/stored');
    await page.locator('.facts').waitFor();
    const strip = (await page.locator('.timeline-strip:visible').last().boundingBox())!;
    expect(strip.y + strip.height).toBeLessThan(900);
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.locator('.chart canvas').first().waitFor();
    await saveScreenshot(page, 'job-charts');
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('draws frames from the video if the job stored none', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/job/unstored');
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    expect(await page.locator('.frame-cell:is(.is-skipped, .is-blank)').count()).toBe(0);
    await saveScreenshot(page, 'job-unstored');
  });

  it('supports the keyboard', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/job/stored');
    await showFrame(page, 100, 100);
    await page.locator('.player-stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.player-stage canvas[data-frame="105"]');
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('.player-stage canvas[data-frame="100"]');
    await page.goto('/#/jobs');
    await page.locator('.job-row[data-event="stored"] .job-name a').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/job/stored');
  });

  it('classifies an image, crops it and saves a correction', async () => {
    const { page, errors } = await setup.visit();
    const frame = await fetch(`${setup.api.url}/api/v1/jobs/stored/frames/0.jpg`);
    const path = join(setup.stack.folder, 'frame.jpg');
    await writeFile(path, Buffer.from(await frame.arrayBuffer()));
    await page.goto('/#/image');
    await page.setInputFiles('input[type=file]', path);
    await page.waitForSelector('[data-class="stop sign"]');
    await page.getByRole('button', { name: 'Both' }).click();
    await page.waitForSelector('.before-after figure:nth-child(3)');
    await page.getByLabel('Correct class').fill('уличный знак');
    await page.getByRole('button', { name: 'Correct class' }).click();
    await page.locator('td', { hasText: 'уличный знак' }).waitFor();
    await saveScreenshot(page, 'image');
    expect(errors).toEqual([]);
  });

  it('shows the throughput of images, and that it is about images', async () => {
    const { page } = await setup.visit();
    await page.goto('/#/system');
    const card = page.locator('section', {
      has: page.getByRole('heading', { name: 'Throughput of images' }),
    });
    await card
      .getByText(/Images/)
      .first()
      .waitFor();
    await saveScreenshot(page, 'system');
  });

  it.each(['', '#/job/stored', '#/image', '#/system', '#/job/nothing-like-it'])(
    'has no serious axe violations in light and dark, and fits a phone: /%s',
    async (path) => {
      const name = path.replaceAll(/[#/]+/g, '-') || '-jobs';
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await setup.visit({ colorScheme, viewport: { width: 390, height: 844 } });
        await page.goto(`/${path}`);
        await page.waitForLoadState('networkidle');
        await page.locator('h1, [role=alert]').first().waitFor();
        await saveScreenshot(page, `phone-${colorScheme}${name}`);
        expect(await seriousViolations(page)).toEqual([]);
        const isTooWide = await page.evaluate(
          () => document.documentElement.scrollWidth > innerWidth,
        );
        expect(isTooWide).toBe(false);
        await page.context().close();
      }
    },
  );
});
