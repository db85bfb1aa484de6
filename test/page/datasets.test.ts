import { makeZip } from 'client-zip';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import type { DatasetManifest } from '../../client/index.js';
import { apiAt, json } from '../support/api.js';
import { formOf } from '../support/image-api.js';
import { plainImage } from '../support/plain-image.js';
import { publishImageModels, publishMock } from '../support/publish-models.js';
import { LABELS } from '../support/shared-settings.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshots, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const NARROW = 390;
const COLOURS = ['red', 'lime', 'blue', 'teal', 'orange', 'white', 'black', 'purple'];

describeInBrowser('pages of data sets and of batches of images', () => {
  const settings = {
    ...{ VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: 'keras', VIDETTE_KEEP_PICTURES_DAYS: '1' },
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

  const dialog = () => page.getByRole('dialog');
  const versions = async () =>
    (
      await json<{ readonly datasets: readonly DatasetManifest[] }>(
        apiAt(setup.api.url).at('/datasets?name=colours'),
      )
    ).datasets;
  /** Predicts on a plain image and corrects its class; returns the hash of the image. */
  const label = async (colour: string, name: string): Promise<void> => {
    const plain = { width: 64, height: 48, channels: 3, background: colour } as const;
    const image = await sharp({ create: plain }).png().toBuffer();
    const predicted = fetch(`${setup.api.url}/predict`, {
      method: 'POST',
      body: formOf({}, image),
    });
    const { prediction_id } = await json<{ readonly prediction_id: string }>(predicted);
    const body = JSON.stringify({ prediction_id, class: name });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${setup.api.url}/feedback`, { method: 'POST', headers, body });
  };

  it('explains that there are no data sets, and unknown ones', async () => {
    await page.goto('/#/datasets');
    await page.getByText('No data sets yet').waitFor();
    expect(await saveScreenshots(page, 'datasets-empty')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.goto('/#/dataset/nothing-like-it');
    await page.getByRole('heading', { name: 'Data set not found', level: 1 }).waitFor();
  });

  it('shows why a data set cannot be built', async () => {
    await page.goto('/#/datasets');
    await page.getByRole('button', { name: 'Build a data set' }).click();
    await dialog().getByLabel('Name').fill('colours');
    await dialog().getByLabel('Contents').selectOption('classify');
    await dialog().getByRole('button', { name: 'Build' }).click();
    await dialog().getByText('No feedback for data set colours').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('builds versions, shows their contents and origin, exports and imports', async () => {
    for (const [i, colour] of COLOURS.entries()) await label(colour, i % 2 ? 'warm' : 'холодный');
    await page.goto('/#/datasets');
    await page.getByRole('button', { name: 'Build a data set' }).click();
    await dialog().getByLabel('Name').fill('colours');
    await dialog().getByLabel('Contents').selectOption('classify');
    await dialog().getByLabel('Feedback on').selectOption('keras');
    await saveScreenshots(page, 'build-dialog');
    await dialog().getByRole('button', { name: 'Build' }).click();
    await page.getByRole('heading', { name: 'colours, version 1', level: 1 }).waitFor();
    const [first] = await versions();
    const images = page.getByRole('row', { name: 'Images' });
    const { train, val, test } = first!.counts;
    const total = train.images + val.images + test.images;
    expect((await images.innerText()).split(/\s+/)).toEqual(
      ['Images', train.images, val.images, test.images, total].map(String),
    );
    await page.getByText('feedback on keras, until').waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Folders of classes' }).click();
    expect((await download).suggestedFilename()).toBe('colours-1.folder.zip');
    expect(await (await download).failure()).toBeNull();

    const zip = new Response(
      makeZip([
        {
          name: `train/warm/${'0'.repeat(64)}.jpg`,
          input: 'not an image',
          lastModified: new Date(0),
        },
      ]),
    );
    await page.getByRole('button', { name: 'Import …' }).click();
    await dialog()
      .getByLabel('Zip')
      .setInputFiles({
        ...{ name: 'labels.zip', mimeType: 'application/zip' },
        buffer: Buffer.from(await zip.arrayBuffer()),
      });
    await dialog().getByRole('button', { name: 'Import' }).click();
    await page.getByText('0 images imported, 0 unchanged, 1 skipped').waitFor();

    await label('magenta', 'warm');
    await page.getByRole('button', { name: 'Build the next version …' }).click();
    expect(await dialog().getByLabel('Feedback on').inputValue()).toBe('keras');
    await dialog().getByRole('button', { name: 'Build' }).click();
    await page.getByRole('heading', { name: 'colours, version 2', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'version 1', exact: true }).waitFor();
    expect(await versions()).toHaveLength(2);
    expect(await saveScreenshots(page, 'dataset')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await page.goto('/#/datasets');
    await page.locator('[data-entry="colours"]').getByText('version 2').waitFor();
    expect(await saveScreenshots(page, 'datasets')).toBeLessThanOrEqual(NARROW);
    expect(errors).toEqual([]);
  });

  /** Starts a batch of a list that repeats three images, and returns its id. */
  const startBatch = async (count: number): Promise<string> => {
    const { objects } = setup.stack;
    await objects.ensureBucket('incoming');
    for (const i of [0, 1, 2]) await objects.put('incoming', `i/${i}`, await plainImage(i));
    const lines = Array.from({ length: count }, (_, i) =>
      JSON.stringify({ key: `i/${i % 3}`, name: `image ${i}` }),
    );
    await objects.put('incoming', `${count}.jsonl`, lines.join('\n'));
    const request = { bucket: 'incoming', list: `${count}.jsonl`, model: 'keras', table: 'csv' };
    const started = apiAt(setup.api.url).post('/batches', request);
    return (await json<{ readonly batch_id: string }>(started)).batch_id;
  };

  it('lists batches of images, and sends the table of one', async () => {
    const id = await startBatch(3);
    await page.goto('/#/jobs');
    const row = page.locator(`[data-entry="${id}"]`);
    await row.getByText('ready').waitFor();
    expect(await row.innerText()).toContain('incoming/3.jsonl');
    expect(await saveScreenshots(page, 'image-batches')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    await row.getByRole('link', { name: '3 of 3 images' }).press('Enter');
    await page.getByRole('heading', { name: '3 of 3 images', level: 1 }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: `Table of ${id}` }).click();
    expect((await download).suggestedFilename()).toBe(`${id}.csv`);
    expect(await saveScreenshots(page, 'image-batch')).toBeLessThanOrEqual(NARROW);
    expect(await seriousViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.goto('/#/image-batch/nothing-like-it');
    await page.getByRole('heading', { name: 'Batch not found', level: 1 }).waitFor();
  });

  it('cancels a batch of images after a confirmation', async () => {
    const id = await startBatch(9000);
    await page.goto(`/#/image-batch/${id}`);
    await page.getByRole('button', { name: `Cancel ${id}` }).click();
    await dialog().getByRole('button', { name: 'Cancel image batch' }).click();
    await page.locator('.status-cancelled').waitFor();
    await page.getByRole('button', { name: `Cancel ${id}` }).waitFor({ state: 'detached' });
  });

  it('opens automatically when the API is reachable again', async () => {
    await page.goto('/#/system');
    await page.getByRole('heading', { name: 'System' }).waitFor();
    await page.context().setOffline(true);
    await page.evaluate(() => (location.hash = '#/datasets'));
    await page.getByText('Check that it is running').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'Data sets' }).waitFor();
  });
});
