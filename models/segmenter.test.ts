import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelInput } from '../domain/model/model-manifest.js';
import type { Size } from '../domain/result/detection.js';
import { writeFixtureModel, recogniseFile } from '../test/support/fixture-models.js';
import type { FramePixels } from './session/running-model.js';
import { openDetector } from './detector.js';
import { openSegmenter, type SegmentedDetection, type Segmenter } from './segmenter.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-segmenters-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 10 };

async function optionsOf(resize?: ModelInput['resize']) {
  const modelPath = await writeFixtureModel(folder, 'masks');
  const model = await recogniseFile(modelPath, {});
  const input = { ...model.input, ...(resize && { resize }) };
  const manifest = { name: 'masks', ...model, input };
  return { manifest, modelPath, threads: 1, device: 'cpu' } as const;
}

async function withSegmenter<T>(
  use: (segmenter: Segmenter) => Promise<T>,
  resize?: ModelInput['resize'],
) {
  const segmenter = await openSegmenter(await optionsOf(resize));
  try {
    return await use(segmenter);
  } finally {
    await segmenter.close();
  }
}

/** Segments one frame. */
async function segment(
  segmenter: Segmenter,
  bytes: Uint8Array,
  frameSize: Size,
  layout: FramePixels['layout'] = 'pixels',
) {
  const [found] = await segmenter.segment([{ layout, bytes }], frameSize, OPTIONS);
  return found!;
}

/** An image that is white to the left of a column and black to the right. */
function pixelsOf({ width, height }: { width: number; height: number }, whiteUntil: number) {
  return Uint8Array.from({ length: 3 * width * height }, (_, i) =>
    Math.floor(i / 3) % width < whiteUntil ? 255 : 0,
  );
}

/** Number of pixels set in each column of a mask. */
function columnsOf({ mask: { width, height, data } }: SegmentedDetection): number[] {
  return Array.from({ length: width }, (_, x) =>
    Array.from({ length: height }, (_, y) => data[y * width + x]! / 255).reduce((a, b) => a + b),
  );
}

const runs = (...lengths: readonly (readonly [count: number, value: number])[]) =>
  lengths.flatMap(([count, value]) => Array<number>(count).fill(value));

// The model returns a box of 8..40 x 12..52 whose mask covers bright pixels, and one of 20..60 x
// 12..52 whose mask covers dark pixels, for an input of 64 x 64.
describe('openSegmenter', () => {
  it('returns a mask per object for a frame of the input size', async () => {
    const frame = { width: 64, height: 64 };
    const [bright, dark] = await withSegmenter((segmenter) =>
      segment(segmenter, pixelsOf(frame, 32), frame),
    );
    expect(bright).toMatchObject({ classId: 0, confidence: 0.75, bbox: [8, 12, 40, 52] });
    expect(bright!.mask).toMatchObject({ x: 8, y: 12, width: 32, height: 40 });
    expect(columnsOf(bright!)).toEqual(runs([24, 40], [8, 0]));
    expect(dark).toMatchObject({ classId: 1, confidence: 0.5, bbox: [20, 12, 60, 52] });
    expect(columnsOf(dark!)).toEqual(runs([12, 0], [28, 40]));
  });

  it('maps masks to the frame like boxes, in a letterbox', async () => {
    // 128 x 96 becomes 64 x 48 with 8 rows of border above and below.
    const frame = { width: 128, height: 96 };
    const [bright, dark] = await withSegmenter((segmenter) =>
      segment(segmenter, pixelsOf(segmenter.contentSize(frame), 32), frame),
    );
    expect(bright).toMatchObject({ bbox: [16, 8, 80, 88] });
    expect(bright!.mask).toMatchObject({ x: 16, y: 8, width: 64, height: 80 });
    expect(columnsOf(bright!)).toEqual(runs([48, 80], [16, 0]));
    expect(columnsOf(dark!)).toEqual(runs([24, 0], [56, 80]));
  });

  it.each<[ModelInput['resize'], number, readonly number[], object]>([
    [{ mode: 'stretch' }, 32, [16, 12, 80, 52], { x: 16, y: 12, width: 64, height: 40 }],
    [{ mode: 'center-crop' }, 64, [40, 12, 72, 52], { x: 40, y: 12, width: 32, height: 40 }],
  ])('maps masks to the frame resized by %j', async (resize, whiteUntil, bbox, window) => {
    const frame = { width: 128, height: 64 };
    const [bright] = await withSegmenter(
      (segmenter) => segment(segmenter, pixelsOf(segmenter.contentSize(frame), whiteUntil), frame),
      resize,
    );
    expect(bright).toMatchObject({ bbox, mask: window });
    const columns = columnsOf(bright!);
    expect(columns).toEqual(runs([(columns.length * 3) / 4, 40], [columns.length / 4, 0]));
  });

  it('returns the same for planes and for pixels', async () => {
    const frame = { width: 64, height: 64 };
    const pixels = pixelsOf(frame, 40);
    const plane = pixels.filter((_, i) => i % 3 === 0);
    const planes = Uint8Array.from([...plane, ...plane, ...plane]);
    await withSegmenter(async (segmenter) => {
      const found = await segment(segmenter, pixels, frame);
      expect(await segment(segmenter, planes, frame, 'planes')).toEqual(found);
    });
  });

  it('returns the boxes that a detector returns for the same model', async () => {
    const frame = { width: 64, height: 64 };
    const pixels = pixelsOf(frame, 32);
    const detector = await openDetector(await optionsOf());
    try {
      const frames = [{ layout: 'pixels', bytes: pixels }] as const;
      const [boxes] = await detector.detect(frames, frame, OPTIONS);
      expect(boxes).toHaveLength(2);
      await withSegmenter(async (segmenter) => {
        expect(await segmenter.detect(frames, frame, OPTIONS)).toEqual([boxes]);
        const found = await segment(segmenter, pixels, frame);
        expect(found.map(({ mask: _, ...box }) => box)).toEqual(boxes);
      });
    } finally {
      await detector.close();
    }
  });

  it('rejects a manifest with prototypes that the file does not have', async () => {
    const options = await optionsOf();
    const { output } = options.manifest;
    const masks = { tensor: 'output1', coefficients: 3 };
    const manifest = {
      ...options.manifest,
      output: { ...output, masks },
    } as typeof options.manifest; // of its family
    await expect(openSegmenter({ ...options, manifest })).rejects.toThrow(
      'an output output0 [1, 9, any] for 2 labels',
    );
  });
});
