import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Size } from '../../domain/result/detection.js';
import { YOLOX_NANO } from '../../models/catalogue.js';
import { openDetector, type Detector } from '../../models/detector.js';
import { readOnnxFile } from '../../models/onnx/onnx-file.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import { recognise } from '../../models/recognise/index.js';
import {
  addAgreements,
  compareDetections,
  NOTHING_COMPARED,
  shareOf,
  type Compared,
} from './compare.js';
import { testDataFolder } from './test-data.js';

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
/** Minimum share of the confident detections of either side that the other side confirms. */
const REQUIRED = 0.99;

describe('YOLOX-nano on ten images', () => {
  const data = testDataFolder();
  const expected = JSON.parse(readFileSync(join(data, 'expected/images.json'), 'utf8')) as Readonly<
    Record<string, readonly Compared[]>
  >; // the reference's format, see its README
  let detector: Detector;

  beforeAll(async () => {
    const modelPath = join(data, 'models/yolox_nano.onnx');
    detector = await openDetector({ manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' });
  });
  afterAll(() => detector.close());

  it('agrees with OpenCV and onnxruntime in both directions', async () => {
    const names = readdirSync(join(data, 'images'));
    expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
    let pooled = NOTHING_COMPARED;
    for (const name of names) {
      const actual = await detectIn(detector, readFileSync(join(data, 'images', name)));
      pooled = addAgreements(pooled, compareDetections(expected[name]!, actual));
    }
    expect(pooled.reference.total).toBeGreaterThan(30);
    expect(shareOf(pooled.reference)).toBeGreaterThanOrEqual(REQUIRED);
    expect(shareOf(pooled.actual)).toBeGreaterThanOrEqual(REQUIRED);
  });

  it('is recognised from its file with the manifest of the catalogue', async () => {
    const facts = await readOnnxFile(join(data, 'models/yolox_nano.onnx'));
    const { draft, questions } = recognise(facts, { labels: YOLOX_NANO.labels });
    const { task, input, output, labels } = YOLOX_NANO;
    expect(questions).toEqual([]);
    expect(draft).toEqual({
      ...{ task, labels },
      input: { ...input, tensor: 'images' },
      output: { ...output, tensor: 'output' },
    });
  });

  it('returns the same detections for planes and for pixels', async () => {
    const image = readFileSync(join(data, 'images/000000006471.jpg'));
    const frame = await sizeOf(image);
    const pixels = await readFrame(image, detector.contentSize(frame));
    const asPixels = { layout: 'pixels', bytes: pixels } as const;
    const asPlanes = { layout: 'planes', bytes: planesOf(pixels) } as const;
    const [fromPixels] = await detector.detect([asPixels], frame, OPTIONS);
    const [fromPlanes] = await detector.detect([asPlanes], frame, OPTIONS);
    expect(fromPixels!.length).toBeGreaterThan(5);
    expect(fromPlanes).toEqual(fromPixels);
  });

  it('separates concurrent calls', async () => {
    const names = ['000000000724.jpg', '000000006471.jpg', '000000002923.jpg'];
    const images = names.map((name) => readFileSync(join(data, 'images', name)));
    const sequential: Compared[][] = [];
    for (const image of images) sequential.push(await detectIn(detector, image));
    expect(await Promise.all(images.map((each) => detectIn(detector, each)))).toEqual(sequential);
  });

  it('rejects a file that does not match the manifest', async () => {
    const modelPath = join(data, 'models/yolox_nano.onnx');
    const manifest = { ...YOLOX_NANO, labels: YOLOX_NANO.labels.slice(1) };
    await expect(
      openDetector({ manifest, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('the file has output float32 [1, 3549, 85]') as string,
    });
  });

  it('reports a missing file', async () => {
    const modelPath = join(data, 'models/none.onnx');
    await expect(
      openDetector({ manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('rejects a file that is not a model', async () => {
    const modelPath = join(data, 'expected/images.json');
    await expect(
      openDetector({ manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

async function detectIn(detector: Detector, image: Buffer): Promise<Compared[]> {
  const frame = await sizeOf(image);
  const pixels = await readFrame(image, detector.contentSize(frame));
  const [detections] = await detector.detect([{ layout: 'pixels', bytes: pixels }], frame, OPTIONS);
  return detections!.map(({ classId, confidence, bbox }) => ({
    class: YOLOX_NANO.labels[classId]!,
    box: bbox,
    conf: confidence,
  }));
}

async function sizeOf(image: Buffer): Promise<Size> {
  const { width, height } = await sharp(image).metadata();
  return { width, height };
}

function planesOf(pixels: Uint8Array): Uint8Array {
  const channel = (offset: number) => pixels.filter((_, i) => i % 3 === offset);
  return Uint8Array.from([...channel(1), ...channel(2), ...channel(0)]);
}
