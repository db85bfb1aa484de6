import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Size } from '../domain/result/detection.js';
import { writeFixtureModel, recogniseFile, fixtureModel } from '../test/support/fixture-models.js';
import { YOLOV8N } from './catalogue.js';
import { type Detector, openDetector } from './detector.js';
import { createMockModel } from './mock/mock-model.js';
import type { InferenceSpec } from './session/inference-spec.js';
import { readOnnxFile } from './onnx/onnx-file.js';
import { type Answers, type ModelDraft, recognise } from './recognise/index.js';

const FRAME = { width: 32, height: 32 };
const COLOUR = [51, 102, 204];
const OPTIONS = { conf: 0.01, iou: 0.9, maxDetections: 10 };
const LABELS = ['red', 'green', 'blue'];
const SIZE = { width: 64, height: 64 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const placed = (name: string) => writeFixtureModel(folder, name);
const recognisedOf = async (name: string, answers: Answers) =>
  recogniseFile(await placed(name), answers);

async function withDetector<T>(
  name: string,
  model: Omit<InferenceSpec, 'name'>,
  use: (detector: Detector) => Promise<T>,
): Promise<T> {
  const modelPath = join(folder, name, 'model.onnx');
  const manifest = { name, ...model };
  const detector = await openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
  try {
    return await use(detector);
  } finally {
    await detector.close();
  }
}

/** Detects objects in one frame of interleaved pixels. */
async function detectIn(detector: Detector, bytes: Uint8Array, frameSize: Size) {
  const [found] = await detector.detect([{ layout: 'pixels', bytes }], frameSize, OPTIONS);
  return found!;
}

function imageOf({ width, height }: { width: number; height: number }): Uint8Array {
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => COLOUR[i % 3]!);
}

describe('openDetector with a recognised model', () => {
  it.each([
    ['half', 'float16, columns, every size open', {}],
    ['bytes', "uint8, channels last, TensorFlow's names", { labels: LABELS, size: SIZE }],
    ['sized', 'a second input and several outputs, int64 among them', { labels: LABELS }],
    ['outside', 'external weights', { labels: LABELS }],
  ])('matches onnxruntime in Python for %s (%s)', async (name, _, answers) => {
    const model = await recognisedOf(name, answers);
    const found = await withDetector(name, model, (detector) => {
      const pixels = imageOf(detector.contentSize(FRAME));
      return detectIn(detector, pixels, FRAME);
    });
    const detections = fixtureModel(name).detections!;
    expect(found.map(({ classId }) => classId)).toEqual(detections.map(({ classId }) => classId));
    found.forEach(({ confidence, bbox }, i) => {
      expect(confidence).toBeCloseTo(detections[i]!.confidence, 4);
      bbox.forEach((value, side) => expect(value).toBeCloseTo(detections[i]!.bbox[side]!, 3));
    });
  });

  it('moves boxes with the image', async () => {
    await placed('centroid');
    const model: Omit<InferenceSpec, 'name'> = {
      input: { ...YOLOV8N.input, ...SIZE },
      output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
      labels: ['spot'],
    };
    await withDetector('centroid', model, async (detector) => {
      const frame = { width: 64, height: 48 };
      const spotAt = (x: number, y: number) => {
        const pixels = new Uint8Array(3 * frame.width * frame.height);
        for (let row = y; row < y + 4; row++) {
          pixels.fill(255, 3 * (row * frame.width + x), 3 * (row * frame.width + x + 4));
        }
        return detectIn(detector, pixels, frame);
      };
      const [at00] = await spotAt(0, 0);
      await fc.assert(
        fc.asyncProperty(fc.nat(60), fc.nat(44), async (x, y) => {
          const [moved] = await spotAt(x, y);
          at00!.bbox.forEach((side, i) => {
            expect(moved!.bbox[i]).toBeCloseTo(side + (i % 2 === 0 ? x : y), 3);
          });
        }),
        { numRuns: 25 },
      );
    });
  });
});

describe('openDetector with a manifest that does not match the file', () => {
  const draft = (change: Partial<ModelDraft['input']>, labels = LABELS) =>
    recognisedOf('sized', { labels: LABELS }).then((model) => ({
      ...model,
      input: { ...model.input, ...change },
      labels,
    }));

  it.each([
    [{ width: 32 }, 'describes an input float32 images [1, 3, 64, 32], but the file has images'],
    [{ dtype: 'uint8' }, 'an input uint8 images [1, 3, 64, 64]'],
    [{ size_tensor: undefined }, 'an input float32 images'],
    [{ tensor: 'other' }, 'an input float32 other'],
  ] as const)('rejects an input of %j', async (change, message) => {
    const model = await draft(change);
    await expect(withDetector('sized', model, () => Promise.resolve())).rejects.toThrow(message);
  });

  it('rejects an output that does not exist', async () => {
    const model = await draft({});
    const output = { family: 'detr', logits: 'logits', boxes: 'boxes' } as const;
    const opened = withDetector('sized', { ...model, output }, () => Promise.resolve());
    await expect(opened).rejects.toThrow('an output logits [1, any, 3] for 3 labels');
  });

  it('rejects a class without a label', async () => {
    const model = await draft({}, ['red', 'green']);
    const found = withDetector('sized', model, (detector) =>
      detectIn(detector, imageOf(SIZE), FRAME),
    );
    await expect(found).rejects.toThrow('returned class 2');
  });
});

describe('the mock model', () => {
  it('returns the same boxes for every frame and is recognised from its file', async () => {
    const { bytes, manifest } = createMockModel();
    await mkdir(join(folder, 'mock'), { recursive: true });
    await writeFile(join(folder, 'mock/model.onnx'), bytes);
    const facts = await readOnnxFile(join(folder, 'mock/model.onnx'));
    const { draft } = recognise(facts, { labels: manifest.labels });
    expect(draft?.output.family).toBe('end-to-end');
    const found = await withDetector('mock', manifest, (detector) => {
      const pixels = imageOf(detector.contentSize({ width: 1920, height: 1080 }));
      return detectIn(detector, pixels, { width: 1920, height: 1080 });
    });
    expect(found).toEqual([
      { classId: 0, confidence: 0.875, bbox: [480, 270, 1440, 810] },
      { classId: 1, confidence: 0.5, bbox: [1200, 135, 1680, 405] },
    ]);
  });

  it('always has the same bytes', () => {
    expect(createMockModel()).toEqual(createMockModel());
  });
});
