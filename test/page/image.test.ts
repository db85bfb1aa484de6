import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { publishMock } from '../support/publish-models.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

/** Objects that the mock model finds in an image of 256 x 192. */
const LARGE = [64, 48, 192, 144];
const SMALL = [160, 24, 224, 72];

interface Logged {
  readonly objects: readonly { readonly class: string; readonly box: readonly number[] }[];
  readonly feedback: readonly {
    readonly objects?: readonly { readonly class: string; readonly box: readonly number[] }[];
  }[];
}

describeInBrowser('image page', () => {
  let imagePath: string;
  const prepare = async (stack: TestStack) => {
    await publishMock(stack);
    imagePath = join(stack.folder, 'grey.png');
    const background = { r: 120, g: 130, b: 140 };
    await sharp({ create: { width: 256, height: 192, channels: 3, background } }).toFile(imagePath);
  };
  const setup = usePageSetup({ prepare, settings: { VIDETTE_MODEL: 'mock' } });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
    await page.goto('/#/image');
  });
  const predict = async () => {
    await page.setInputFiles('input[type=file]', imagePath);
    await page.waitForSelector('.box-layer .box');
  };
  const boxOf = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) });
  const save = async () => {
    await page.getByRole('button', { name: 'Save boxes' }).click();
    await page.getByText(/^Saved:/).waitFor();
  };
  const lastLogged = async () => {
    const response = await fetch(`${setup.api.url}/predictions?limit=1`);
    const { predictions } = (await response.json()) as { predictions: Logged[] };
    return predictions[0]!;
  };
  /** Drags with the mouse between two points in image pixels. */
  const drag = async (from: readonly number[], to: readonly number[]) => {
    const { x, y, width } = (await page.locator('.box-layer').boundingBox())!;
    const scale = width / 256;
    await page.mouse.move(x + from[0]! * scale, y + from[1]! * scale);
    await page.mouse.down();
    await page.mouse.move(x + to[0]! * scale, y + to[1]! * scale, { steps: 4 });
    await page.mouse.up();
  };

  it('saves boxes moved, resized, drawn and removed by mouse', async () => {
    await predict();
    await page.getByRole('button', { name: 'Correct boxes' }).click();
    await drag([100, 100], [110, 90]);
    await drag([202, 134], [212, 144]);
    await boxOf('mock-small').click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByLabel('Class of').fill('кошка');
    await drag([10, 150], [40, 180]);
    await saveScreenshot(page, 'image-boxes');
    expect(await seriousViolations(page)).toEqual([]);
    await save();
    await page.getByText('boxes: moved mock-large; added кошка; removed mock-small').waitFor();
    const { objects, feedback } = await lastLogged();
    expect(objects.map(({ box }) => box)).toEqual([LARGE, SMALL]);
    const [large, drawn] = feedback[0]!.objects!;
    expect(large!.class).toBe('mock-large');
    expect(drawn!.class).toBe('кошка');
    for (const [box, near] of [
      [large!.box, [74, 38, 212, 144]],
      [drawn!.box, [10, 150, 40, 180]],
    ] as const) {
      for (const [i, edge] of box.entries()) expect(Math.abs(edge - near[i]!)).toBeLessThan(3);
    }
    expect(errors).toEqual([]);
  });

  it('saves boxes moved, resized, added and removed by keyboard', async () => {
    await predict();
    await page.getByRole('button', { name: 'Correct boxes' }).press('Enter');
    await boxOf('mock-large').focus();
    for (const key of ['Control+ArrowRight', 'Control+ArrowUp', 'Control+Shift+ArrowDown']) {
      await page.keyboard.press(key);
    }
    await boxOf('mock-small').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'New box' }).press('Enter');
    await page.keyboard.press('Enter');
    await page.getByLabel('Class of').fill('tree');
    await save();
    expect((await lastLogged()).feedback[0]!.objects).toEqual([
      { class: 'mock-large', box: [65, 47, 193, 144] },
      { class: 'tree', box: [85, 64, 171, 128] },
    ]);
  });

  it('requires a class for each box, and discards cancelled changes', async () => {
    await predict();
    await page.getByRole('button', { name: 'Correct boxes' }).click();
    await drag([10, 150], [40, 180]);
    await page.getByRole('button', { name: 'Save boxes' }).click();
    await page.getByText('The selected box has no class.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.locator('.box').count()).toBe(2);
    expect((await lastLogged()).feedback).toEqual([]);
  });

  it('moves a box by touch', async () => {
    const phone = await setup.visit({ hasTouch: true, viewport: { width: 390, height: 844 } });
    page = phone.page;
    await page.goto('/#/image');
    await predict();
    await page.getByRole('button', { name: 'Correct boxes' }).tap();
    const { x, y, width } = (await page.locator('.box-layer').boundingBox())!;
    const at = (px: number, py: number) => ({
      x: x + (px * width) / 256,
      y: y + (py * width) / 256,
    });
    const finger = await page.context().newCDPSession(page);
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      ...points: { x: number; y: number }[]
    ) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', at(100, 100));
    await touch('touchMove', at(104, 104));
    await touch('touchMove', at(110, 110));
    await touch('touchEnd');
    await save();
    const [large] = (await lastLogged()).feedback[0]!.objects!;
    expect(Math.abs(large!.box[0]! - 74)).toBeLessThan(3);
    expect(Math.abs(large!.box[1]! - 58)).toBeLessThan(3);
    await saveScreenshot(page, 'image-boxes-phone');
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isTooWide).toBe(false);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('predicts several images in turn, and shows the chosen one', async () => {
    const second = join(setup.stack.folder, 'second.png');
    const letter = join(setup.stack.folder, 'letter.png');
    await copyFile(imagePath, second);
    await writeFile(letter, 'Dear reader');
    await page.setInputFiles('input[type=file]', [imagePath, letter, second]);
    const items = page.getByLabel('Chosen images').getByRole('button');
    await expect
      .poll(() => items.allInnerTexts())
      .toEqual([
        expect.stringMatching(/^grey\.png\s+mock-large \d+/),
        expect.stringMatching(/^letter\.png\s+Failed$/),
        expect.stringMatching(/^second\.png\s+mock-large \d+/),
      ]);
    await items.nth(1).click();
    await page.locator('[role=alert]', { hasText: 'letter.png' }).waitFor();
    await items.nth(2).click();
    await page.getByRole('img', { name: 'second.png' }).waitFor();
    await saveScreenshot(page, 'images');
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel('Correct class').fill('tree');
    await page.getByRole('button', { name: 'Correct class' }).click();
    await page.getByText('class: tree').waitFor();
    expect((await lastLogged()).feedback).toMatchObject([{ class: 'tree' }]);
    expect(errors).toEqual([expect.stringContaining('422')]);
  });

  it('reports a file that is not an image', async () => {
    const path = join(setup.stack.folder, 'letter.jpg');
    await writeFile(path, 'Dear reader');
    await page.setInputFiles('input[type=file]', path);
    await page.locator('[role=alert]', { hasText: 'letter.jpg' }).waitFor();
    await page.getByText('letter.jpg: no preview').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
