import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeFixtureModel, recogniseFile } from '../../test/support/fixture-models.js';
import { selfTest } from './self-test.js';
import { formatTest } from '../../cli/models/texts.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-self-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIZE = { width: 64, height: 64 };

/** Tests a model of the fixture on an image of one colour. */
async function testOn(name: string, [r, g, b]: readonly [number, number, number]) {
  const modelPath = await writeFixtureModel(folder, name);
  const manifest = { name, ...(await recogniseFile(modelPath, {})) };
  const create = { ...SIZE, channels: 3, background: { r, g, b } } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  const options = { manifest, modelPath, threads: 1, device: 'cpu' } as const;
  return selfTest(options, { title: 'colour.png', bytes, size: SIZE });
}

it('shows the best classes of a classifier', async () => {
  const test = await testOn('logits', [51, 102, 204]);
  expect(test).toMatchObject({
    classes: [
      { class: 'собака', conf: 0.696 },
      { class: '鳥', conf: 0.21 },
      { class: 'кошка', conf: 0.094 },
    ],
  });
  expect(test).not.toHaveProperty('objects');
  expect(formatTest(test)).toMatch(/^colour\.png: собака in .* ms\)\n {2}собака +0\.696\n/);
});

it('shows the mask areas of a segmenter', async () => {
  const test = await testOn('masks', [255, 255, 255]);
  expect(test.objects).toEqual([
    { class: 'свет', box: [8, 12, 40, 52], conf: 0.75, area: 32 * 40 },
    { class: 'тень', box: [20, 12, 60, 52], conf: 0.5, area: 0 },
  ]);
  expect(formatTest(test)).toContain('свет 0.75 at 8, 12, 40, 52, mask of 1280 pixels');
});
