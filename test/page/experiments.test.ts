import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import type { ExperimentDetails } from '../../client/index.js';
import { json } from '../support/api.js';
import { commandOn } from '../support/command-line.js';
import { formOf } from '../support/image-api.js';
import { publishClassifier, publishMock } from '../support/publish-models.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations, showScheme } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

/** Classes of the two versions of the model: the same network, whose classes are named differently. */
const LABELS = [
  ['cod', 'eel', 'ray'],
  ['eel', 'ray', 'cod'],
];

describeInBrowser('experiments page', () => {
  const settings = {
    ...{ VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: 'fish@champion', VIDETTE_API_LANES: '2' },
    ...{ VIDETTE_KEEP_PICTURES_DAYS: '1', VIDETTE_AUDIT_RATE: '1' },
    VIDETTE_TEST_TIMING: '{"cacheMs":200}',
  };
  const prepare = async (stack: TestStack) => {
    await publishMock(stack);
    for (const labels of LABELS) await publishClassifier(stack, 'fish', labels);
    await commandOn(stack, 'models', 'alias', 'fish', 'champion', '1');
  };
  const setup = usePageSetup({ prepare, settings });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit({ viewport: { width: 1440, height: 900 } }));
  });

  const details = (id: string) => json<ExperimentDetails>(setup.api.at(`/experiments/${id}`));
  const predict = async (colour: number) => {
    const background = { r: colour * 20, g: 255 - colour * 20, b: (colour * 70) % 256 };
    const plain = { width: 32, height: 32, channels: 3, background } as const;
    const image = await sharp({ create: plain }).png().toBuffer();
    const answer = fetch(`${setup.api.url}/predict`, { method: 'POST', body: formOf({}, image) });
    return json<{ prediction_id: string; class: string }>(answer);
  };
  /** Labels an image with the class of the challenger, or that of the champion. */
  const label = async (colour: number, isChallengerRight: boolean) => {
    const { prediction_id, class: name } = await predict(colour);
    const truth = isChallengerRight ? LABELS[1]![LABELS[0]!.indexOf(name)] : name;
    const body = JSON.stringify({ prediction_id, class: truth });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${setup.api.url}/feedback`, { method: 'POST', headers, body });
  };
  const expectClean = async () => {
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  };
  const shots = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await showScheme(page, scheme);
      for (const [size, width] of [
        ['wide', 1440],
        ['phone', 390],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(needed).toBeLessThanOrEqual(width);
        await saveScreenshot(page, `${name}-${size}-${scheme}`);
        await expectClean();
      }
    }
    await showScheme(page, 'light');
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  it('starts an experiment, shows its evidence as it grows, and promotes its challenger', async () => {
    await page.goto('/#/experiments');
    await page.getByText('No experiments yet').waitFor();
    await shots('experiments-empty');
    await page.getByRole('button', { name: 'Start an experiment' }).click();
    await page.getByLabel('Challenger').selectOption({ label: 'fish 2' });
    await page.getByLabel('Mode').selectOption('split');
    expect(await page.getByLabel('Share of the predictions in percent').inputValue()).toBe('10');
    await page.getByLabel('Mode').selectOption('shadow');
    await expectClean();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'fish 2 against fish 1' }).waitFor();
    await page.getByText('No image is labelled yet').waitFor();
    expect(await page.getByRole('meter', { name: 'Evidence' }).getAttribute('aria-valuenow')).toBe(
      '0',
    );
    const id = page.url().split('/').at(-1)!;
    await expect
      .poll(async () => (await predict(0), (await details(id)).counts.predictions.champion), {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    for (let colour = 1; colour <= 5; colour++) await label(colour, true);
    await label(6, false);
    await page.getByText('Evidence 1.5 : 1 for the challenger, 20 : 1 decides').waitFor();
    await expect
      .poll(async () => (await details(id)).report.arms.challenger.predictions, { timeout: 20_000 })
      .toBeGreaterThan(5);
    await page.getByRole('region', { name: 'Labelled images by true class' }).waitFor();
    await shots('experiment-running');
    await page.getByRole('link', { name: 'Review the images that differ' }).click();
    await page.getByRole('heading', { name: 'Review', level: 1 }).waitFor();
    await page.getByRole('note').getByText('these labels are enough to decide').waitFor();
    const between = page.getByLabel('Between');
    expect(await between.inputValue()).toBe(`experiment:${id}`);
    await page.getByRole('button', { name: /^Confirm/ }).waitFor();
    await shots('review-experiment');
    const { predictions } = await json<{ predictions: { prediction_id: string }[] }>(
      setup.api.at(`/review?kind=disagreement&experiment=${id}`),
    );
    const { labels } = (await details(id)).report;
    expect(predictions).toHaveLength(labels!.differ.images - labels!.differ.labelled);
    await label(0, true);
    await expect
      .poll(async () => (await details(id)).report.labels!.differ.labelled)
      .toBe(labels!.differ.images);
    await page.reload();
    await page.getByText('Nothing to review').waitFor();
    await between.selectOption('');
    await page.getByRole('note').waitFor({ state: 'hidden' });
    await page.goto(`/#/experiment/${id}`);
    for (let colour = 7; colour <= 12; colour++) await label(colour, true);
    await page.getByText(/evidence \d+\.\d : 1 for the challenger: decided/).waitFor();
    expect(await page.getByRole('meter').getAttribute('aria-valuenow')).toBe('100');
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByLabel('Decision').selectOption({ label: 'Promote fish 2' });
    await page.getByLabel('Reason, for the history').fill('it names the fish');
    await expectClean();
    await page.getByRole('dialog').getByRole('button', { name: 'Decide' }).click();
    await page.getByText('The challenger was promoted by').waitFor();
    await shots('experiment-decided');
    const { aliases } = await json<{ aliases: { alias: string; version: number }[] }>(
      setup.api.at('/models/fish/aliases'),
    );
    expect(aliases).toContainEqual(expect.objectContaining({ alias: 'champion', version: 2 }));
    await page.goto('/#/experiments');
    await page.getByText('challenger promoted').waitFor();
    await shots('experiments-list');
  });

  it('stops a split, and warns of keys that are not split as they should be', async () => {
    const started = await setup.api.post('/experiments', {
      ...{ model: 'fish', challenger: 1, mode: 'split', share: 0.5 },
    });
    expect(started.status).toBe(201);
    const { experiment_id: id } = await json<{ experiment_id: string }>(started);
    await page.route(`**/api/v1/experiments/${id}`, async (route) => {
      const response = await route.fetch();
      const given = (await response.json()) as ExperimentDetails;
      const keys = { champion: 900, challenger: 100 };
      const sample_ratio = { keys, expected: 0.5, plausible: false };
      await route.fulfill({ json: { ...given, report: { ...given.report, sample_ratio } } });
    });
    await page.goto(`/#/experiment/${id}`);
    await page.getByText('10 % of 1,000 keys are in the challenger').waitFor();
    await page.getByRole('alert').waitFor();
    await shots('experiment-split');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').waitFor();
    await page.goto('/#/experiments');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.goBack();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('reports errors of the API, and experiments that do not exist', async () => {
    await page.route('**/api/v1/experiments?*', (route) =>
      route.fulfill({ status: 503, body: '{}' }),
    );
    await page.goto('/#/experiments');
    await page.getByRole('alert').waitFor();
    await page.unroute('**/api/v1/experiments?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.goto('/#/experiment/fish-unknown');
    await page.getByRole('heading', { name: 'Experiment not found' }).waitFor();
    await page.getByRole('link', { name: 'All experiments' }).click();
    await page.getByRole('heading', { name: 'Experiments' }).waitFor();
  });
});
