import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { renderSample } from '../../sample/render.js';
import { packetPlaces } from '../support/media-files.js';
import type { TestStack } from '../support/stack.js';
import { dropFile, saveScreenshot, saveScreenshots, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const NARROW = 390;
const WIDE = { viewport: { width: 1440, height: 900 } };

describeInBrowser('the page of a job with tracks', () => {
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    await stack.putVideo('sample', path);
    const job = { video_id: 'sample', frames: 'none' } as const;
    await stack.run({ ...job, event_id: 'tracked', tracking: true });
    await stack.run({ ...job, event_id: 'plain' });
  };
  const setup = usePageSetup({ prepare });
  const crops = (page: Page) => page.getByRole('list', { name: 'Objects' }).getByRole('button');
  const visit = async (event: string) => {
    const visited = await setup.visit(WIDE);
    await visited.page.goto(`/#/job/${event}`);
    await visited.page.locator('.crop[data-drawn]').first().waitFor();
    return visited;
  };

  it('counts and shows each object, with a bar in the timeline, above the fold', async () => {
    const { page, errors } = await visit('tracked');
    const { tracks = [] } = await setup.stack.result('tracked');
    expect(tracks.length).toBeGreaterThan(0);
    expect(await crops(page).count()).toBe(tracks.length);
    expect(await page.locator('.timeline-bar').count()).toBe(tracks.length);
    const title = await page.locator('.side-title').innerText();
    const numbers = title.match(/\d+/g) ?? [];
    expect(numbers.reduce((sum, number) => sum + Number(number), 0)).toBe(tracks.length);
    const [stage, lines, side] = await Promise.all(
      ['.player-stage', '.timeline', '.job-side'].map(
        async (part) => (await page.locator(part).boundingBox())!,
      ),
    );
    expect(lines!.y + lines!.height).toBeLessThan(WIDE.viewport.height);
    expect(stage!.width / (side!.x + side!.width - stage!.x)).toBeCloseTo(0.62, 1);
    expect(await saveScreenshots(page, 'job-tracks')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('filters the objects by class and confidence', async () => {
    const { page } = await visit('tracked');
    const all = await crops(page).count();
    await page
      .getByRole('button', { name: /^Show only / })
      .first()
      .click();
    await expect.poll(() => crops(page).count()).toBeLessThan(all);
    await page.getByRole('button', { name: 'Show all classes' }).click();
    await expect.poll(() => crops(page).count()).toBe(all);
    await page.getByLabel('Minimum confidence').fill('1');
    await expect.poll(() => crops(page).count()).toBe(0);
    expect(await page.locator('.side-title').innerText()).toBe('No objects');
  });

  it('shows the moment of an object, and downloads a clip of it', async () => {
    const { page, errors } = await visit('tracked');
    const { tracks = [] } = await setup.stack.result('tracked');
    const track = tracks.toSorted((a, b) => a.from_ms - b.from_ms || a.id - b.id)[0]!;
    const name = page.getByText(`${track.class} ${track.id}`, { exact: true });
    await page.locator('.crop', { has: name }).click();
    await page.waitForSelector(`.player-stage canvas[data-frame="${track.best_frame}"]`);
    await page.locator('.timeline-bar.is-selected').waitFor();
    await page.getByLabel('Draw').selectOption('Boxes of the track');
    await saveScreenshot(page, 'job-clip');
    expect(await seriousViolations(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download clip' }).click();
    const path = join(setup.stack.folder, 'page-clip.mp4');
    await (await download).saveAs(path);
    const frames = await packetPlaces(path);
    const asked = `clip?track=${track.id}&boxes=track&wait=1`;
    const same = await fetch(`${setup.api.url}/api/v1/jobs/tracked/${asked}`);
    const other = join(setup.stack.folder, 'api-clip.mp4');
    await writeFile(other, Buffer.from(await same.arrayBuffer()));
    expect(frames).toEqual(await packetPlaces(other));
    await page.getByLabel('From second').fill('2');
    await page.getByLabel('To second').fill('1');
    expect(await page.getByText('A span of the video').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Download clip' }).click();
    await page.getByText('must begin at 0 ms or later and end after its start').waitFor();
    expect(errors.filter((text) => !text.includes('400'))).toEqual([]);
  });

  it('shows an image of the moment under the mouse', async () => {
    const { page, errors } = await visit('tracked');
    const lane = page.locator('.timeline-lane').first();
    const { x, y, width, height } = (await lane.boundingBox())!;
    const imageAt = async (share: number) => {
      await page.mouse.move(x + share * width, y + height / 2);
      return page.locator('.preview-image').getAttribute('style');
    };
    await imageAt(0.5);
    await expect
      .poll(() => imageAt(0.5 + 0.01 * Math.random()))
      .toContain('/api/v1/jobs/tracked/sprite.jpg?v=');
    await saveScreenshot(page, 'job-preview');
    expect(await imageAt(0.1)).not.toBe(await imageAt(0.9));
    await page.mouse.move(5, 5);
    expect(await page.locator('.timeline-preview').isVisible()).toBe(false);
    expect(errors).toEqual([]);
  });

  it('counts detections in a job without tracks, and shows when a class appears', async () => {
    const { page } = await visit('plain');
    expect(await page.locator('.side-title').innerText()).toMatch(/^[\d,]+ detections$/);
    expect(await page.locator('.timeline-bar').count()).toBe(0);
    await crops(page).first().click();
    await page.getByText('Clip of this moment or object').waitFor();
    await page.getByLabel('From second').waitFor();
    const ofTrack = page.getByLabel('Draw').getByText('Boxes of the track');
    expect(await ofTrack.isDisabled()).toBe(true);
    expect(await saveScreenshots(page, 'job-runs')).toBeLessThanOrEqual(NARROW);
  });

  it('begins with the posters of the newest videos and a search, and takes files anywhere', async () => {
    const { page, errors } = await setup.visit(WIDE);
    await page.goto('/');
    await page.getByRole('list', { name: 'Newest videos' }).locator('canvas').waitFor();
    expect(await saveScreenshots(page, 'start')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator('.job-row[data-event="plain"] .poster').hover();
    await page.locator('.poster-preview').waitFor();
    await saveScreenshot(page, 'jobs-preview');
    const file = { name: 'a.mp4', type: 'video/mp4', bytes: Buffer.from('not a video') };
    await dropFile(page, 'main', file);
    await page.getByText('a.mp4').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search videos' }).fill('dog over 0.5 this week');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/explore?q=dog+over+0.5+this+week');
    expect(errors).toEqual([]);
  });
});
