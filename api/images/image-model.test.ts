import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import {
  writeFixtureModel,
  recogniseFile,
  fixtureModel,
} from '../../test/support/fixture-models.js';
import type { ImageJob } from './image-job.js';
import { openImageModel } from './image-model.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-looks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const LABELS = ['цветок', 'дерево', '草'];

async function writeLocalModel(name: string, labels?: string[]): Promise<LocalModel> {
  const path = await writeFixtureModel(folder, name);
  const found = await recogniseFile(path, labels ? { labels } : {});
  const facts = { sha256: '0'.repeat(64), size_bytes: 1, licence: 'none', source: 'test' };
  return { path, manifest: { name, version: 1, ...facts, ...found } };
}

async function mock(): Promise<LocalModel> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'mock.onnx');
  await writeFile(path, bytes);
  return { path, manifest: { ...manifest, version: 1 } };
}

/** Predicts an image of 128 x 96, white left of its middle and black right of it. */
async function lookAt(
  model: LocalModel,
  fields: Partial<ImageJob> = {},
  signal = new AbortController().signal,
) {
  const path = join(await mkdtemp(join(folder, 'image-')), 'image');
  const white = { create: { width: 64, height: 96, channels: 3, background: 'white' } } as const;
  await sharp({ create: { width: 128, height: 96, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toFile(path);
  const look = await openImageModel({
    ...{ manifest: model.manifest, modelPath: model.path },
    ...{ threads: 1, device: 'cpu' },
  });
  const options = { conf: 0.25, iou: 0.45, maxDetections: 10 };
  return look({ model, path, isFrame: false, maxPixels: 1e6, options, ...fields }, signal);
}

const pixelsOf = (path: string) =>
  sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });

describe('the prediction of an image', () => {
  it('is not made for a caller that has left', async () => {
    const predicted = lookAt(await mock(), {}, AbortSignal.abort(new Error('left')));
    await expect(predicted).rejects.toThrow('left');
  });

  it('finds objects, in whole pixels of the image', async () => {
    const { size, found, inferenceS, made } = await lookAt(await mock());
    expect(size).toEqual({ width: 128, height: 96 });
    expect(found).toEqual({
      kind: 'objects',
      objects: [
        { class: 'mock-large', box: [32, 24, 96, 72], conf: 0.875 },
        { class: 'mock-small', box: [80, 12, 112, 36], conf: 0.5 },
      ],
    });
    expect(inferenceS).toBeGreaterThan(0);
    expect(inferenceS).toBeLessThan(5);
    expect(made).toEqual([]);
  });

  it('gives every class of a classifier, whatever script its labels are in', async () => {
    const model = await writeLocalModel('keras', LABELS);
    const { found } = await lookAt(model);
    expect(model.manifest.labels).toEqual(LABELS);
    expect(found).toMatchObject({ kind: 'classes' });
    const { confidences } = found as Extract<typeof found, { kind: 'classes' }>;
    expect(confidences).toHaveLength(fixtureModel('keras').confidences!.length);
    expect(confidences.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  it('crops to the main object with its margin', async () => {
    const { made } = await lookAt(await mock(), { cut: 'crop' });
    expect(made).toHaveLength(1);
    const { data, info } = await pixelsOf(made[0]!);
    // 32..96 x 24..72 with a tenth of 64 and of 48 more on each side, to whole pixels.
    expect(info).toMatchObject({ width: 78, height: 58, format: 'raw' });
    // Columns 25 to 102: the white half ends after the 39th.
    expect([data[3 * 38], data[3 * 39]]).toEqual([255, 0]);
  });

  it('blurs what is behind the box, and not what is in it', async () => {
    const { made } = await lookAt(await mock(), { cut: 'blur' });
    const { data, info } = await pixelsOf(made[0]!);
    expect(info).toMatchObject({ width: 128, height: 96 });
    const at = (x: number, y: number) => data[3 * (y * 128 + x)]!;
    expect([at(63, 48), at(64, 48)]).toEqual([255, 0]);
    // Above the box the edge is soft.
    expect(at(63, 2)).toBeLessThan(200);
    expect(at(64, 2)).toBeGreaterThan(50);
  });

  it('makes the crop first of both', async () => {
    const { made } = await lookAt(await mock(), { cut: 'both' });
    const sizes = await Promise.all(made.map(async (path) => (await pixelsOf(path)).info.width));
    expect(sizes).toEqual([78, 128]);
  });

  it('blurs behind the mask if the model outputs one', async () => {
    // The object is what is bright in 16..80 x 8..88: the white until column 64.
    const { made, found } = await lookAt(await writeLocalModel('masks'), { cut: 'blur' });
    expect(found).toMatchObject({ objects: [{ box: [16, 8, 80, 88] }, {}] });
    const { data } = await pixelsOf(made[0]!);
    const at = (x: number, y: number) => data[3 * (y * 128 + x)]!;
    expect(at(50, 48)).toBe(255);
    // In the box but not of the mask: the blur of the white's edge is seen.
    expect(at(66, 48)).toBeGreaterThan(30);
  });

  it('makes nothing where nothing is found', async () => {
    const options = { conf: 0.9, iou: 0.45, maxDetections: 10 };
    const { made, found } = await lookAt(await mock(), { cut: 'both', options });
    expect(made).toEqual([]);
    expect(found).toEqual({ kind: 'objects', objects: [] });
  });
});
