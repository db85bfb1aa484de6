import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import type { Rescoring } from '../../client/index.js';
import { json } from '../support/api.js';
import { makePast } from '../support/past-predictions.js';
import { clientOf } from '../support/vidette-client.js';
import { saveScreenshots, seriousViolations, showScheme } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

/** Images of the past, one of which was removed. */
const IMAGES = 6;
const NARROW = 390;
const REQUEST = { model: 'road', of: 'city', since: '2026-01-01T00:00:00Z' } as const;

describeInBrowser('rescorings page', () => {
  const setup = usePageSetup({ prepare: (stack) => makePast(stack, IMAGES), model: 'mock' });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
  });

  const list = () => page.getByRole('region', { name: 'List of rescorings' });
  const rescoring = (id: string) => json<Rescoring>(setup.api.at(`/rescorings/${id}`));
  /** Checks both sizes in both colour schemes. */
  const checkLook = async (name: string) => {
    expect(await saveScreenshots(page, name)).toBeLessThanOrEqual(NARROW);
    for (const colorScheme of ['dark', 'light'] as const) {
      await showScheme(page, colorScheme);
      expect(await seriousViolations(page)).toEqual([]);
    }
  };

  it('lists none at first, and is reached from the models', async () => {
    await page.goto('/#/models');
    await page.getByRole('link', { name: 'Rescorings' }).click();
    await page.getByText('No rescorings yet').waitFor();
    await checkLook('rescorings-empty');
    expect(errors).toEqual([]);
  });

  it('shows a rescoring from its start to its report, and deletes it', async () => {
    await page.goto('/#/rescorings');
    await page.getByText('No rescorings yet').waitFor();
    const { rescorings } = clientOf(setup.stack);
    await rescorings.start({ ...REQUEST, rescore_id: 'week' });
    await list().getByRole('link', { name: 'road 1 on past predictions of city' }).click();
    await page
      .getByRole('heading', { name: 'road 1 on past predictions of city', level: 1 })
      .waitFor();
    const images = page.getByRole('region', { name: 'Objects in images' });
    const row = async (name: string) => {
      const cells = images.getByRole('row', { name: new RegExp(`^${name} `) }).getByRole('cell');
      return cells.allTextContents();
    };
    await images.waitFor();
    const compared = String(IMAGES - 1);
    // Both models find the car, only the past one the person, only the other one the truck.
    expect(await row('car')).toEqual([compared, compared, compared, '0', '0', '0']);
    expect(await row('person')).toEqual([compared, '0', '0', compared, '0', '0']);
    expect(await row('truck')).toEqual(['0', compared, '0', '0', compared, '0']);
    await page.getByText(`${compared} of ${IMAGES}`).waitFor();
    await page.getByRole('region', { name: 'Objects in jobs' }).waitFor();

    const { report } = await rescoring('week');
    await page.getByText(`${report!.cases} images and frames differ`).waitFor();
    const cases = page.getByRole('listitem').filter({ hasText: 'appeared: truck' });
    await expect.poll(() => cases.count()).toBe(50);
    const review = page.getByRole('link', { name: 'Review the images' });
    expect(await review.getAttribute('href')).toBe('#/review?kind=disagreement&rescoring=week');
    const thumbnail = cases.locator('img').first();
    await expect
      .poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await checkLook('rescoring-ready');
    expect(errors).toEqual([]);

    await cases.getByRole('link').last().click();
    await page.getByRole('heading', { name: 'Compare two results of', level: 1 }).waitFor();
    expect(page.url()).toContain('#/diff?a=past&b=');
    await page.goBack();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No rescorings yet').waitFor();
    expect((await setup.api.at('/rescorings/week')).status).toBe(404);
  });

  it('shows the progress of one that runs, and cancels it', async () => {
    const { rescorings } = clientOf(setup.stack);
    const { rescore_id: id } = await rescorings.start({ ...REQUEST, include: ['images'] });
    let cancelled = 0;
    await page.route(`**/api/v1/rescorings/${id}`, async (route) => {
      const given = (await (await route.fetch()).json()) as Rescoring;
      const progress = { stage: 'images', images: 1200, jobs: 3 } as const;
      await route.fulfill({ json: { ...given, status: 'processing', progress, report: null } });
    });
    await page.route(`**/api/v1/rescorings/${id}/cancel`, async (route) => {
      cancelled++;
      await route.continue();
    });
    await page.goto(`/#/rescoring/${id}`);
    await page.getByText('Predicting images · 1,200 images, 3 jobs').waitFor();
    await page.getByRole('progressbar', { name: 'Progress of the rescoring' }).waitFor();
    await checkLook('rescoring-running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel rescoring' }).click();
    await expect.poll(() => cancelled).toBe(1);
    expect(errors).toEqual([]);
  });

  it('starts one, and shows why a request is rejected', async () => {
    await page.goto('/#/rescorings');
    await page.getByRole('button', { name: 'Start a rescoring' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a rescoring' });
    await dialog.getByLabel('Model that runs').selectOption('road@1');
    await dialog.getByLabel('Past predictions of').selectOption('city');
    await dialog.getByLabel('From').fill('2900-01-01T00:00');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByText('The time span is empty').waitFor();
    await checkLook('rescoring-start');
    await dialog.getByLabel('From').fill('2026-01-01T00:00');
    await dialog.getByLabel('Includes').selectOption('Only images');
    await dialog.getByRole('button', { name: 'Start' }).click();
    const title = 'road 1 on past predictions of city';
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByRole('region', { name: 'Objects in images' }).waitFor();
    const id = page.url().split('/').at(-1)!;
    const { include, of, since } = await rescoring(id);
    const local = await page.evaluate(() => new Date('2026-01-01T00:00').toISOString());
    expect([include, of, since]).toEqual([['images'], 'city', local]);
    // The browser reports the response to the rejected request.
    expect(errors).toEqual([expect.stringContaining('400 (Bad Request)')]);
  });

  it('shows that there are no models to choose from while the API is unavailable', async () => {
    await page.goto('/#/rescorings');
    await page.getByRole('heading', { name: 'Rescorings', level: 1 }).waitFor();
    await page.route('**/api/v1/models*', (route) => route.abort());
    await page.getByRole('button', { name: 'Start a rescoring' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a rescoring' });
    await expect.poll(() => dialog.textContent()).not.toContain('Loading the models');
    expect(await dialog.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    expect(await seriousViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('shows why one failed', async () => {
    const { rescorings } = clientOf(setup.stack);
    await rescorings.start({ ...REQUEST, of: 'nothing', rescore_id: 'failed' });
    await page.goto('/#/rescoring/failed');
    await page.getByText('Model nothing made no predictions').waitFor();
    await checkLook('rescoring-failed');
    await page.goto('/#/rescorings');
    await list().getByText('failed', { exact: true }).waitFor();
    await checkLook('rescorings');
    expect(errors).toEqual([]);
  });

  it('reports errors of the API, and rescorings that do not exist', async () => {
    await page.route('**/api/v1/rescorings', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto('/#/rescorings');
    await page.getByRole('alert').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.unroute('**/api/v1/rescorings');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.goto('/#/rescoring/unknown');
    await page.getByRole('heading', { name: 'Rescoring not found', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'All rescorings' }).click();
    await page.getByRole('heading', { name: 'Rescorings', level: 1 }).waitFor();
  });

  it('keeps what it shows while the API is unavailable', async () => {
    await page.goto('/#/rescoring/failed');
    await page.getByText('Model nothing made no predictions').waitFor();
    await page.context().setOffline(true);
    await page.getByText('This page reconnects automatically').waitFor();
    await page.getByText('Model nothing made no predictions').waitFor();
    await page.context().setOffline(false);
    await page.getByText('This page reconnects automatically').waitFor({ state: 'hidden' });
  });
});
