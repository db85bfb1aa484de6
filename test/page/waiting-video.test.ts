import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { renderSample } from '../../sample/render.js';
import { FPS, groundTruth, SIZE } from '../../sample/scene.js';
import { repeatVideo } from '../support/repeat-video.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';
import { countDrawnEdges } from './overlay.js';

const FRAME = 125;
const EVERY = 5;

describeInBrowser('a job whose video cannot be played yet', () => {
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    await stack.putVideo('sample', path);
    const long = join(stack.folder, 'long.mp4');
    await repeatVideo(path, 150, long);
    await stack.putVideo('long', long);
    await stack.run({ video_id: 'sample', event_id: 'stored', frames: 'objects', every: EVERY });
    await stack.run({ video_id: 'sample', event_id: 'unstored', frames: 'none', every: EVERY });
  };
  const setup = usePageSetup({ prepare });
  /** Opens a job whose video is answered as if a copy of it were being rendered. */
  const open = async (eventId: string, query = '') => {
    const { page, errors } = await setup.visit();
    await page.route('**/api/v1/jobs/*/video', (route) =>
      route.fulfill({
        status: 202,
        headers: { 'retry-after': '1' },
        json: { frames_done: 42, frames_total: 100 },
      }),
    );
    await page.goto(`/#/job/${eventId}${query}`);
    await page.getByText('Rendering a copy, 42 %').waitFor();
    return { page, errors };
  };

  it('shows stored frames with their boxes, and steps through them', async () => {
    const { page, errors } = await open('stored', `?t=${FRAME / FPS}`);
    await page.getByText('The stored frames are shown instead.').waitFor();
    await expectStored(page, FRAME);
    await page.locator('.facts').waitFor();
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    for (const { bbox } of groundTruth(FRAME)) {
      await expect.poll(() => countDrawnEdges(page, bbox, SIZE)).toBe(4);
    }
    await page.getByRole('button', { name: 'Next sampled frame' }).click();
    await expectStored(page, FRAME + EVERY);
    await page.locator('.player-stage').press('ArrowLeft');
    await expectStored(page, FRAME);
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(0);
    await saveScreenshot(page, 'job-waiting');
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('plays the video from the frame that was shown, once it is available', async () => {
    const { page } = await open('stored');
    await page.locator(`.frame-cell[data-frame="${4 * EVERY}"]`).click();
    await expectStored(page, 4 * EVERY);
    await page.unrouteAll();
    await page.locator('.player:not(.is-waiting)').waitFor();
    const video = page.locator('video');
    const timeS = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
    await expect.poll(timeS).toBeCloseTo((4 * EVERY) / FPS, 1);
    await expect.poll(() => video.getAttribute('poster')).toBeNull();
    await page.waitForSelector(`.player-stage canvas[data-frame="${4 * EVERY}"]`);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('shows the detections of a job that stores no frames', async () => {
    const { page, errors } = await open('unstored', `?t=${FRAME / FPS}`);
    await page.getByText('Only the detections are shown').waitFor();
    for (const { bbox } of groundTruth(FRAME)) {
      await expect.poll(() => countDrawnEdges(page, bbox, SIZE)).toBe(4);
    }
    await page.locator('.timeline-strip').first().waitFor();
    await page.unrouteAll();
    await page.waitForSelector('.frame-cell:nth-child(24)[data-drawn]');
    expect(await page.locator('.frame-cell.is-blank').count()).toBe(0);
    expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
  });

  it('waits for the copy of a video that is opened before the job has probed it', async () => {
    await setup.stack.start({ video_id: 'long', event_id: 'long', every: 1, frames: 'none' });
    const { page } = await setup.visit();
    let isProbed = false;
    await page.route('**/api/v1/jobs/*/video', (route) =>
      isProbed
        ? route.fulfill({ status: 202, json: { frames_done: 42, frames_total: 100 } })
        : route.fulfill({ contentType: 'video/mp4', body: 'This is not a video.' }),
    );
    await page.goto('/#/job/long');
    await page.getByText('This browser cannot play the video.').waitFor();
    isProbed = true;
    await page.getByText('Rendering a copy, 42 %').waitFor();
    await page.unrouteAll();
    await page.locator('.player:not(.is-waiting)').waitFor();
    await page.waitForSelector('.player-stage canvas[data-frame="0"]');
  });

  it('shows why a copy could not be rendered, and the frames', async () => {
    const { page } = await setup.visit();
    const detail = 'The copy could not be rendered.';
    await page.route('**/api/v1/jobs/*/video', (route) =>
      route.fulfill({ status: 422, json: { type: 'x', error: 'x', status: 422, detail } }),
    );
    await page.goto('/#/job/stored');
    await page.getByText(`Video unavailable: ${detail}`).waitFor();
    await expectStored(page, 0);
    await page.getByText('Export', { exact: true }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

/** Waits until a stored frame and its boxes are shown. */
async function expectStored(page: Page, frame: number): Promise<void> {
  await page.waitForSelector(`.player.is-waiting video[poster$="/frames/${frame}.jpg"]`);
  await page.waitForSelector(`.player-stage canvas[data-frame="${frame}"]`);
}
