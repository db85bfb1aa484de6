import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelInput } from '../domain/model/model-manifest.js';
import { writeFixtureModel, recogniseFile, fixtureModel } from '../test/support/fixture-models.js';
import { bestClasses, type Classifier, openClassifier } from './classifier.js';
import { openDetector } from './detector.js';
import type { InferenceSpec } from './session/inference-spec.js';
import type { FramePixels } from './session/running-model.js';
import type { Answers } from './recognise/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-classifiers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Colour of the image for which the fixture has reference results. */
const COLOUR = [51, 102, 204];
const LABELS = ['цветок', 'дерево', '草'];
const FRAME = { width: 12, height: 8 };

async function withClassifier<T>(
  name: string,
  answers: Answers,
  use: (classifier: Classifier, manifest: InferenceSpec) => Promise<T>,
  change: Partial<ModelInput> = {},
): Promise<T> {
  const modelPath = await writeFixtureModel(folder, name);
  const model = await recogniseFile(modelPath, answers);
  const manifest = { name, ...model, input: { ...model.input, ...change } };
  const options = { manifest, modelPath, threads: 1, device: 'cpu' } as const;
  const classifier = await openClassifier(options);
  try {
    return await use(classifier, manifest);
  } finally {
    await classifier.close();
  }
}

/** Confidences of one frame. */
async function classify(
  classifier: Classifier,
  bytes: Uint8Array,
  layout: FramePixels['layout'] = 'pixels',
) {
  const [confidences] = await classifier.classify([{ layout, bytes }], FRAME);
  return confidences!;
}

function expectClose(found: Float64Array, expected: readonly number[]) {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
}

/** Content size of a 12 x 8 frame for an 8 x 8 input, and the number of columns cropped on the left. */
const RESIZES: readonly [ModelInput['resize'], width: number, height: number, cut: number][] = [
  [{ mode: 'stretch' }, 8, 8, 0],
  [{ mode: 'center-crop' }, 12, 8, 2],
  // Half of 7 columns is rounded to even, as in torchvision.
  [{ mode: 'center-crop', shorter_side: 10 }, 15, 10, 4],
  [{ mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' }, 8, 5, 0],
];
const sizeOf = (classifier: Classifier) => classifier.contentSize(FRAME);
const pixelsOf = ({ width, height }: { width: number; height: number }) =>
  Uint8Array.from({ length: 3 * width * height }, (_, i) => COLOUR[i % 3]!);

describe('openClassifier with a recognised model', () => {
  it.each([
    ['keras', 'channels last, softmax, no metadata', { labels: LABELS }, { mode: 'stretch' }],
    ['logits', 'logits of hundreds, Ultralytics', {}, { mode: 'center-crop' }],
  ])('matches onnxruntime in Python for %s (%s)', async (name, _, answers, resize) => {
    await withClassifier(name, answers, async (classifier, { input }) => {
      expect(input).toMatchObject({ width: 8, height: 8, scale: 1 / 255, resize });
      const found = await classify(classifier, pixelsOf(sizeOf(classifier)));
      expectClose(found, fixtureModel(name).confidences!);
    });
  });

  it('supports labels in any script', async () => {
    await withClassifier('logits', {}, async (classifier, { labels }) => {
      const found = await classify(classifier, pixelsOf(sizeOf(classifier)));
      const names = bestClasses(found, 2).map(({ classId }) => labels[classId]);
      expect(names).toEqual(['собака', '鳥']);
    });
  });

  it('returns the same for planes and for pixels', async () => {
    await withClassifier('keras', { labels: LABELS }, async (classifier) => {
      const { width, height } = sizeOf(classifier);
      const planes = Uint8Array.from(
        [102, 204, 51].flatMap((value) => Array<number>(width * height).fill(value)),
      );
      const found = await classify(classifier, planes, 'planes');
      expectClose(found, fixtureModel('keras').confidences!);
    });
  });

  it.each(RESIZES)('classifies a frame resized by %j', async (resize, width, height, cut) => {
    const use = async (classifier: Classifier) => {
      expect(sizeOf(classifier)).toEqual({ width, height });
      const pixels = pixelsOf({ width, height });
      // The part that a centre crop removes has another colour, which must not matter.
      for (let y = 0; y < height; y++) {
        pixels.fill(255, 3 * y * width, 3 * (y * width + cut));
        pixels.fill(255, 3 * (y * width + cut + 8), 3 * (y + 1) * width);
      }
      return classify(classifier, pixels);
    };
    const found = await withClassifier('logits', {}, use, { resize });
    // The border of a letterbox affects the result.
    if (resize.mode === 'letterbox') expect(found[0]).toBeGreaterThan(0.9);
    else expectClose(found, fixtureModel('logits').confidences!);
  });
});

describe('a model that does not fit its manifest', () => {
  it('is rejected as a detector if it is a classifier', async () => {
    const modelPath = await writeFixtureModel(folder, 'keras');
    const manifest = { name: 'keras', ...(await recogniseFile(modelPath, { labels: LABELS })) };
    const opened = openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
    await expect(opened).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(opened).rejects.toThrow('Model keras classifies images');
  });

  it('is rejected with another number of labels', async () => {
    const modelPath = await writeFixtureModel(folder, 'keras');
    const model = await recogniseFile(modelPath, { labels: LABELS });
    const manifest = { name: 'keras', ...model, labels: ['a', 'b'] };
    const opened = openClassifier({ manifest, modelPath, threads: 1, device: 'cpu' });
    await expect(opened).rejects.toThrow('returned an output of shape [1, 3] for 2 labels');
  });
});
