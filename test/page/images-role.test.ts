import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { findChromium } from '../../bench/chromium.js';
import { readTestImage } from '../../sample/test-image.js';
import { type RunningRole, startRole } from '../support/images-role.js';
import { launch, saveScreenshot, seriousViolations, visit, type Visit } from './browser.js';
import { describeInBrowser } from './page-setup.js';

describeInBrowser('the page of the role images', () => {
  let folder: string;
  let imagePath: string;
  let role: RunningRole;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-role-page-'));
    imagePath = join(folder, 'frame.jpg');
    await writeFile(imagePath, (await readTestImage()).bytes);
    const models = { VIDETTE_MODELS_DIR: inject('modelsDir') };
    role = await startRole(folder, { ...models, VIDETTE_API_OPEN: 'true' });
    browser = await launch(findChromium()!); // skipped without a browser
  });
  afterAll(async () => {
    await browser?.close();
    await role?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (options: Partial<Parameters<typeof visit>[1]> = {}): Promise<Visit> =>
    visit(browser, { baseURL: role.url, ...options });
  const linksOf = ({ page }: Visit) => page.locator('nav .nav-link').allTextContents();

  it('shows the pages of images only, and predicts an image', async () => {
    const opened = await open();
    const { page, foreign } = opened;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Image', level: 1 }).waitFor();
    expect(await linksOf(opened)).toEqual(['Image', 'System', 'API']);
    await page.setInputFiles('input[type=file]', imagePath);
    await page.waitForSelector('.box-layer .box');
    expect(await seriousViolations(page)).toEqual([]);
    expect(foreign).toEqual([]);
    await saveScreenshot(page, 'images-role');
  });

  it('shows its health and its model without jobs, also on a narrow dark screen', async () => {
    const viewport = { width: 390, height: 800 };
    const { page, errors } = await open({ viewport, colorScheme: 'dark' });
    await page.goto('/#/system');
    await page.getByRole('heading', { name: 'Model in use' }).waitFor();
    await page.getByText('ready', { exact: true }).waitFor();
    for (const title of ['Jobs', 'Cameras', 'Storage']) {
      expect(await page.getByRole('heading', { name: title, exact: true }).count()).toBe(0);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await saveScreenshot(page, 'images-role-system');
  });

  it('says on a page of jobs which servers are missing', async () => {
    const { page } = await open();
    await page.goto('/#/job/some-job');
    await page.getByText('This process serves single images only').first().waitFor();
  });
});
