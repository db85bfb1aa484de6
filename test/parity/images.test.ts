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
/** Share of the confident detections of either side that the other side must have. */
const REQUIRED = 0.99;

describe('YOLOX-nano on ten pictures', () => {
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

  it('agrees with OpenCV and onnxruntime, both ways', async () => {
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

  it('is recognised by its file as the catalogue has it', async () => {
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

  it('gives the same detections for planes as for pixels', async () => {
    const picture = readFileSync(join(data, 'images/000000006471.jpg'));
    const frame = await sizeOf(picture);
    const pixels = await readFrame(picture, detector.contentSize(frame));
    const asPixels = { layout: 'pixels', bytes: pixels } as const;
    const asPlanes = { layout: 'planes', bytes: planesOf(pixels) } as const;
    const [fromPixels] = await detector.detect([asPixels], frame, OPTIONS);
    const [fromPlanes] = await detector.detect([asPlanes], frame, OPTIONS);
    expect(fromPixels!.length).toBeGreaterThan(5);
    expect(fromPlanes).toEqual(fromPixels);
  });

  it('keeps calls that are made at once apart', async () => {
    const names = ['000000000724.jpg', '000000006471.jpg', '000000002923.jpg'];
    const pictures = names.map((name) => readFileSync(join(data, 'images', name)));
    const alone: Compared[][] = [];
    for (const picture of pictures) alone.push(await detectIn(detector, picture));
    expect(await Promise.all(pictures.map((each) => detectIn(detector, each)))).toEqual(alone);
  });

  it('refuses a file that is not what the manifest says', async () => {
    const modelPath = join(data, 'models/yolox_nano.onnx');
    const manifest = { ...YOLOX_NANO, labels: YOLOX_NANO.labels.slice(1) };
    await expect(
      openDetector({ manifest, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('the file has output float32 [1, 3549, 85]') as string,
    });
  });

  it('says when the file is missing', async () => {
    const modelPath = join(data, 'models/none.onnx');
    await expect(
      openDetector({ manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('refuses a file that is no network', async () => {
    const modelPath = join(data, 'expected/images.json');
    await expect(
      openDetector({ manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' }),
    ).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

async function detectIn(detector: Detector, picture: Buffer): Promise<Compared[]> {
  const frame = await sizeOf(picture);
  const pixels = await readFrame(picture, detector.contentSize(frame));
  const [detections] = await detector.detect([{ layout: 'pixels', bytes: pixels }], frame, OPTIONS);
  return detections!.map(({ classId, confidence, bbox }) => ({
    class: YOLOX_NANO.labels[classId]!,
    box: bbox,
    conf: confidence,
  }));
}

async function sizeOf(picture: Buffer): Promise<Size> {
  const { width, height } = await sharp(picture).metadata();
  return { width, height };
}

function planesOf(pixels: Uint8Array): Uint8Array {
  const channel = (offset: number) => pixels.filter((_, i) => i % 3 === offset);
  return Uint8Array.from([...channel(1), ...channel(2), ...channel(0)]);
}
