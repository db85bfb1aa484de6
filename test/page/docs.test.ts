import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLOURS } from '../../api/schemas/docs-theme.js';
import { findChromium } from '../../bench/chromium.js';
import { listen, type ListeningApi } from '../support/listening-api.js';
import { launch, saveScreenshot, visit } from './browser.js';
import { describeInBrowser } from './page-setup.js';

const WIDTHS = [1440, 390];
const THEMES = ['light', 'dark'] as const;
/** @example rgbOf('#0c1211') // 'rgb(12, 18, 17)' */
function rgbOf(hex: string): string {
  const channels = [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
  return `rgb(${channels.join(', ')})`;
}

describeInBrowser('documentation of the API', () => {
  let api: ListeningApi;
  let browser: Browser;
  beforeAll(async () => {
    api = await listen({});
    browser = await launch(findChromium()!); // skipped without a browser
  });
  afterAll(async () => {
    await browser?.close();
    await api?.server.close();
  });

  it.each(THEMES.flatMap((theme) => WIDTHS.map((width) => [theme, width] as const)))(
    'shows every operation and Authorize in the %s theme at %i px',
    async (colorScheme, width) => {
      const baseURL = `http://127.0.0.1:${api.port}`;
      const viewport = { width, height: 900 };
      const { page, foreign, errors } = await visit(browser, { baseURL, colorScheme, viewport });
      await page.goto('/docs');
      await page.getByText('Upload a video once').waitFor();
      await saveScreenshot(page, `docs-${colorScheme}-${width}`);
      expect(await page.locator('.opblock').count()).toBeGreaterThan(35);
      expect(await page.getByRole('link', { name: 'Vidette' }).getAttribute('href')).toBe('/');
      expect(await page.locator('.topbar').count()).toBe(0);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(rgbOf(COLOURS[colorScheme]['--bs-body-bg']));

      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scroll).toBeLessThanOrEqual(width);
      await page.getByRole('button', { name: 'Authorize' }).click();
      await page.getByText('Key created with').waitFor();
      await saveScreenshot(page, `docs-authorize-${colorScheme}-${width}`);
      await page.locator('.btn-done').first().click();
      await page.locator('#operations-jobs-submitJob .opblock-summary-control').click();
      await page.getByText('Start a job: video_id').waitFor();
      await page.locator('#operations-jobs-submitJob .opblock-body').waitFor();
      await saveScreenshot(page, `docs-open-${colorScheme}-${width}`);
      expect([foreign, errors]).toEqual([[], []]);
    },
  );
});
