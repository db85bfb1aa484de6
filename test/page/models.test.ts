import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelAlias } from '../../client/index.js';
import { apiAt, json } from '../support/api.js';
import { publishMock, publishMockVersions } from '../support/publish-models.js';
import type { TestStack } from '../support/stack.js';
import { LITE0, publishLite0 } from '../support/lite0.js';
import { storeStripedDataset } from '../support/striped-dataset.js';
import { saveScreenshots, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const NARROW = 390;

describeInBrowser('pages of models', () => {
  const prepare = async (stack: TestStack) => {
    await publishMock(stack);
    await publishMockVersions(stack, 'street');
    if (!existsSync(LITE0)) return;
    await publishLite0(stack.objects, 'fish');
    await storeStripedDataset(stack.objects, 'fish');
  };
  const setup = usePageSetup({ prepare, settings: { VIDETTE_MODEL: 'mock' } });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
  });

  const entry = (name: string) => page.locator(`[data-entry="${name}"]`);
  const dialog = () => page.getByRole('dialog');
  const giveReason = async (reason: string, action: string) => {
    await dialog().getByLabel('Reason').fill(reason);
    await dialog().getByRole('button', { name: action }).click();
    await dialog().waitFor({ state: 'detached' });
  };
  const historyOf = async (name: string) =>
    (
      await json<{ readonly changes: readonly ModelAlias[] }>(
        apiAt(setup.api.url).at(`/models/${name}/history`),
      )
    ).changes;

  it('lists models with their versions and uses', async () => {
    await page.goto('/#/models');
    expect(await entry('mock').innerText()).toContain('default for videos');
    expect(await entry('street').innerText()).toContain('2 versions');
    expect(await saveScreenshots(page, 'models')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'street' }).press('Enter');
    await page.getByRole('heading', { name: 'street', level: 1 }).waitFor();
    await page.getByText('No changes yet').waitFor();
    expect(errors).toEqual([]);
  });

  it('promotes a version, rolls it back, and shows who changed what and why', async () => {
    await page.goto('/#/model/street');
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await giveReason('the first', 'Promote');
    await page.getByText('champion promoted to 1').waitFor();
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    await giveReason('knows new objects', 'Promote');
    await page.getByText('champion promoted from 1 to 2').waitFor();
    expect(await entry('2').innerText()).toContain('champion');
    await page.getByRole('button', { name: 'Roll back to 1' }).click();
    await giveReason('mistakes boats for fish', 'Roll back');
    await page.getByText('champion rolled back from 2 to 1').waitFor();
    await page.getByText('mistakes boats for fish').waitFor();
    expect(await saveScreenshots(page, 'model')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await historyOf('street')).toMatchObject([
      { action: 'rollback', version: 1, reason: 'mistakes boats for fish' },
      { action: 'promote', version: 2, reason: 'knows new objects' },
      { action: 'promote', version: 1, reason: 'the first' },
    ]);
    expect(errors).toEqual([]);
  });

  it('keeps the dialog open with the reason if a version cannot be promoted', async () => {
    const message = 'Version 2 does not run.';
    const problem = { type: 'about:blank', title: 'x', status: 422, detail: message, error: 'x' };
    await page.route('**/promote', (route) =>
      route.fulfill({ status: 422, contentType: 'application/json', json: problem }),
    );
    await page.goto('/#/model/street');
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    await dialog().getByLabel('Reason').fill('why not');
    await dialog().getByRole('button', { name: 'Promote' }).click();
    await dialog().getByText(message).waitFor();
    expect(await dialog().getByLabel('Reason').inputValue()).toBe('why not');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('explains an empty catalogue and an unknown model', async () => {
    await page.route('**/api/v1/models?*', (route) =>
      route.fulfill({ json: { models: [], next: null } }),
    );
    await page.goto('/#/models');
    await page.getByText('No models yet').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.goto('/#/model/nothing-like-it');
    await page.getByRole('heading', { name: 'Model not found', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'All models' }).waitFor();
  });

  it('keeps what it shows while the API is unavailable', async () => {
    await page.goto('/#/model/street');
    await page.getByRole('heading', { name: 'street', level: 1 }).waitFor();
    await page.context().setOffline(true);
    await page.getByText('This page reconnects automatically').waitFor();
    await entry('1').waitFor();
    await page.context().setOffline(false);
    await page.getByText('This page reconnects automatically').waitFor({ state: 'hidden' });
  });

  it('opens the pages from a menu on a phone', async () => {
    await page.setViewportSize({ width: NARROW, height: 844 });
    await page.goto('/#/jobs');
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.press('Enter');
    expect(await menu.getAttribute('aria-expanded')).toBe('true');
    expect(await saveScreenshots(page, 'menu')).toBeLessThanOrEqual(NARROW);
    await page.setViewportSize({ width: NARROW, height: 844 });
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Data sets' }).press('Enter');
    await page.getByRole('heading', { name: 'Data sets' }).waitFor();
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
  });

  describe.skipIf(!existsSync(LITE0))('of a classifier', () => {
    it('retrains it, shows the comparison, and carries out a decision', async () => {
      await page.goto('/#/model/fish');
      await page.getByRole('button', { name: 'Retrain …' }).click();
      await dialog().getByLabel('Data set').waitFor();
      await saveScreenshots(page, 'retrain-dialog');
      expect(await seriousViolations(page)).toEqual([]);
      await dialog().getByLabel('Steps').fill('60');
      await dialog().getByRole('button', { name: 'Start' }).click();
      await dialog().waitFor({ state: 'detached' });
      await page.getByRole('progressbar', { name: 'Progress of the training' }).waitFor();
      await page.getByText('Right of 12 test images').waitFor();
      await page.getByText('a person must decide').waitFor();
      await page.getByRole('button', { name: 'Promote version 2' }).first().waitFor();
      expect(await saveScreenshots(page, 'retraining')).toBeLessThanOrEqual(NARROW);
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Reject' }).click();
      await giveReason('too few test images', 'Reject');
      await page.getByText('Rejected by').waitFor();
      expect(await entry('2').innerText()).toContain('challenger');
      await page.goto('/#/dataset/fish');
      await page.getByText('version 2, rejected').waitFor();
      expect(errors).toEqual([]);
    });
  });
});
