import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { CITY, writeConstantDetector } from '../support/constant-detectors.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { publishMock } from '../support/publish-models.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshots, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const NARROW = 390;
const SECONDS = 2;
const VIDEO = 'street';

describeInBrowser('the page Explore', () => {
  const prepare = async (stack: TestStack) => {
    await publishMock(stack);
    const { path, manifest } = await writeConstantDetector(stack.folder, CITY);
    await createModelRegistry(stack.objects).publish(path, manifest);
    await stack.putVideo(VIDEO, await makeMovingClip(join(stack.folder, 'clip.mp4'), SECONDS));
  };
  const setup = usePageSetup({ prepare, model: 'mock' });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
  });

  const run = (event_id: string, frames: 'objects' | 'none') =>
    setup.stack.run({ video_id: VIDEO, event_id, model: CITY.name, frames });
  const search = async (text: string) => {
    await page.getByRole('searchbox', { name: 'Search' }).fill(text);
    await page.getByRole('button', { name: 'Search' }).click();
  };
  const cards = (list: string) => page.getByRole('list', { name: list }).getByRole('listitem');

  it('explains that no video has a result', async () => {
    await page.goto('/#/explore');
    await page.getByText('No video has a result yet').waitFor();
    expect(await saveScreenshots(page, 'explore-empty')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('shows posters, and finds the moments of a class', async () => {
    await run('street-stored', 'objects');
    await page.goto('/#/explore');
    await cards('Videos').locator('canvas').waitFor();
    expect(await cards('Videos').innerText()).toMatch(/0:02\.0 · 2 sightings/);
    expect(await saveScreenshots(page, 'explore-videos')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);

    await cards('Videos').getByRole('link', { name: 'person', exact: true }).click();
    await page.getByRole('heading', { name: 'person · in video street' }).waitFor();
    expect(await cards('Sightings').count()).toBe(1);

    await search('car over 0.5 this week');
    await page.getByRole('heading', { name: /^car · at least 50 % · from / }).waitFor();
    await cards('Sightings').locator('canvas').waitFor();
    expect(await cards('Sightings').innerText()).toMatch(/car, 80 %\s+street · /);
    expect(await saveScreenshots(page, 'explore-sightings')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);

    await cards('Sightings').getByRole('link').click();
    await page.waitForURL(/#\/job\/street-stored\?(t=[\d.]+&)?class=car/);
    await page.locator('video').waitFor();
    expect(errors).toEqual([]);
  });

  it('filters by confidence and time, and keeps the search in the address', async () => {
    await page.goto('/#/explore?q=car');
    await cards('Sightings').first().waitFor();
    await page.getByLabel('Confidence').selectOption('0.9');
    await page.getByText('Nothing matches').waitFor();
    expect(await saveScreenshots(page, 'explore-nothing')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel('Confidence').selectOption('0.5');
    await cards('Sightings').first().waitFor();
    await page.getByLabel('Time').selectOption('yesterday');
    await page.getByText('Nothing matches').waitFor();
    expect(page.url()).toMatch(/#\/explore\?q=car&conf=0\.5&time=yesterday$/);
    await page.goBack();
    await cards('Sightings').first().waitFor();
    expect(errors).toEqual([]);
  });

  it('says which part of a search is not understood', async () => {
    await page.goto('/#/explore');
    await search('dog over banana');
    await page.getByText('"banana" is not understood. Expected a confidence of 0 to 1').waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe(
      'dog over banana',
    );
    expect(await saveScreenshots(page, 'explore-problem')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('shows frames of the video if the job stored none', async () => {
    await run('street-none', 'none');
    await page.goto('/#/explore?q=car');
    await cards('Sightings').nth(1).waitFor();
    await expect.poll(() => cards('Sightings').locator('canvas').count()).toBe(2);
  });

  it('recovers when the API is available again', async () => {
    await page.goto('/#/explore');
    await cards('Videos').first().waitFor();
    await page.context().setOffline(true);
    await search('car');
    await page.getByRole('alert').getByText('Vidette is not responding').waitFor();
    expect(await saveScreenshots(page, 'explore-offline')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await page.context().setOffline(false);
    await cards('Sightings').first().waitFor();
  });
});
