import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { json } from '../support/api.js';
import { formOf } from '../support/image-api.js';
import { publishImageModels, publishMock } from '../support/publish-models.js';
import { LABELS } from '../support/shared-settings.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

interface Logged {
  readonly prediction_id: string;
  readonly predicted_class: string;
  readonly feedback: readonly { readonly class?: string; readonly objects?: readonly unknown[] }[];
}

describeInBrowser('review page', () => {
  const settings = {
    ...{ VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: 'keras' },
    ...{ VIDETTE_KEEP_PICTURES_DAYS: '1', VIDETTE_AUDIT_RATE: '1' },
  };
  const prepare = async (stack: TestStack) => {
    await publishMock(stack);
    await publishImageModels(stack, LABELS);
  };
  const setup = usePageSetup({ prepare, settings });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
  });

  const predict = async (colour: string, model = 'keras') => {
    const plain = { width: 256, height: 192, channels: 3, background: colour } as const;
    const image = await sharp({ create: plain }).png().toBuffer();
    const url = `${setup.api.url}/predict?model=${model}`;
    const body = formOf({}, image);
    return (await json<Logged>(fetch(url, { method: 'POST', body }))).prediction_id;
  };
  const feedbackOn = async (id: string) => {
    const found = await json<{ readonly predictions: readonly Logged[] }>(
      fetch(`${setup.api.url}/predictions`),
    );
    return found.predictions.find(({ prediction_id }) => prediction_id === id)!;
  };
  const card = () => page.getByRole('region', { name: 'Prediction to review' });

  it('explains an empty queue', async () => {
    await page.goto('/#/review?kind=disagreement');
    await page.getByText('Nothing to review').waitFor();
    expect(await page.getByLabel('Predictions').inputValue()).toBe('disagreement');
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('confirms, corrects and skips predictions by keyboard', async () => {
    const ids = [await predict('red'), await predict('lime'), await predict('blue')];
    const [skipped, corrected, confirmed] = ids;
    await page.goto('/#/review?kind=audit&model=keras@1');
    await card().waitFor();
    await saveScreenshot(page, 'review');
    expect(await seriousViolations(page)).toEqual([]);
    await card().press('c');
    await expect.poll(async () => (await feedbackOn(confirmed!)).feedback.length).toBe(1);
    await page.waitForFunction(() => document.activeElement?.matches('.review-card'));
    await page.keyboard.press('e');
    await page.keyboard.type('лиса');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await feedbackOn(corrected!)).feedback.length).toBe(1);
    await page.waitForFunction(() => document.activeElement?.matches('.review-card'));
    await page.keyboard.press('s');
    await page.getByText('That was the last one').waitFor();
    const [first, second, third] = await Promise.all(
      [confirmed, corrected, skipped].map((id) => feedbackOn(id!)),
    );
    expect(first!.feedback).toMatchObject([{ class: first!.predicted_class }]);
    expect(second!.feedback).toMatchObject([{ class: 'лиса' }]);
    expect(third!.feedback).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('shows boxes of a detector on a phone, and confirms them', async () => {
    const id = await predict('teal', 'mock');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/#/review?kind=audit&model=mock@1');
    await page.waitForSelector('.box-layer .box');
    await saveScreenshot(page, 'review-phone');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('That was the last one').waitFor();
    const { feedback } = await feedbackOn(id);
    expect(feedback[0]?.objects).toHaveLength(2);
  });

  it('reports an error of the API, and tries again', async () => {
    await page.route('**/api/v1/review?*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto('/#/review');
    await page.getByRole('alert').waitFor();
    await page.unroute('**/api/v1/review?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
