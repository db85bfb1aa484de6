import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spotModelSpec } from '../../test/support/spot-models.js';
import { writeFixtureModel, recogniseFile } from '../../test/support/fixture-models.js';
import { type Detector, openDetector } from '../detector.js';
import type { InferenceSpec } from './inference-spec.js';
import type { Answers } from '../recognise/index.js';
import type { FramePixels } from './running-model.js';

const FRAME = { width: 64, height: 48 };
const OPTIONS = { conf: 0, iou: 0.45, maxDetections: 10 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-batches-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Opened {
  readonly detector: Detector;
  readonly smaller: (readonly [size: number, reason: string])[];
}

async function withBatch<T>(
  { manifest, modelPath }: { readonly manifest: InferenceSpec; readonly modelPath: string },
  batch: number | undefined,
  use: (opened: Opened) => Promise<T> | T,
): Promise<T> {
  const smaller: Opened['smaller'] = [];
  const detector = await openDetector({
    ...{ manifest, modelPath, threads: 1, device: 'cpu' },
    ...(batch !== undefined && { batch }),
    onSmallerBatch: (size, reason) => smaller.push([size, reason]),
  });
  try {
    return await use({ detector, smaller });
  } finally {
    await detector.close();
  }
}

async function placed(name: string, answers?: Answers) {
  const modelPath = await writeFixtureModel(folder, name);
  if (!answers) return { modelPath, manifest: spotModelSpec(name) };
  return { modelPath, manifest: { name, ...(await recogniseFile(modelPath, answers)) } };
}

/** Dark frames, each with a spot of different brightness and position. */
const frames = Array.from({ length: 11 }, (_, number): FramePixels => {
  const bytes = new Uint8Array(3 * FRAME.width * FRAME.height).fill(number);
  const at = (3 * number + 5) * FRAME.width + 4 * number + 2;
  bytes.fill(255 - 9 * number, at, at + 12);
  return { layout: number % 3 === 0 ? 'pixels' : 'planes', bytes };
});

describe.each(['spots', 'spots-half', 'spots-bytes'])('detection in batches with %s', (name) => {
  it.each([2, 4, 8, 11, 16])(
    'returns for batches of %i what single frames return',
    async (batch) => {
      const model = await placed(name);
      const alone = await withBatch(model, undefined, async ({ detector }) => {
        expect(detector.batchSize).toBe(1);
        const found = [];
        for (const frame of frames) found.push(...(await detector.detect([frame], FRAME, OPTIONS)));
        return found;
      });
      await withBatch(model, batch, async ({ detector, smaller }) => {
        expect([detector.batchSize, smaller]).toEqual([batch, []]);
        expect(await detector.detect(frames, FRAME, OPTIONS)).toEqual(alone);
        // Reuses the slots for fewer frames and for a single one.
        const last = frames.slice(8);
        expect(await detector.detect(last, FRAME, OPTIONS)).toEqual(alone.slice(8));
        expect(await detector.detect([frames[1]!], FRAME, OPTIONS)).toEqual([alone[1]]);
        expect(await detector.detect([], FRAME, OPTIONS)).toEqual([]);
      });
      expect(new Set(alone.map(([spot]) => JSON.stringify(spot))).size).toBe(frames.length);
    },
  );

  it('accepts frames of another shape than the previous ones', async () => {
    const tall = { width: 48, height: 64 };
    const model = await placed(name);
    const detectTall = ({ detector }: Opened) => detector.detect(frames, tall, OPTIONS);
    const fresh = await withBatch(model, 4, detectTall);
    await withBatch(model, 4, async (opened) => {
      await opened.detector.detect(frames, FRAME, OPTIONS);
      expect(await detectTall(opened)).toEqual(fresh);
    });
  });
});

it('rejects a batch with a frame of the wrong size and accepts the next batch', async () => {
  await withBatch(await placed('spots'), 4, async ({ detector }) => {
    const short = { layout: 'planes', bytes: new Uint8Array(9) } as const;
    const rejected = detector.detect([frames[0]!, short], FRAME, OPTIONS);
    await expect(rejected).rejects.toThrow('Expected 9216 bytes for a frame of 64x48, received 9');
    expect(await detector.detect(frames.slice(0, 2), FRAME, OPTIONS)).toHaveLength(2);
  });
});

describe('a model that is not batchable', () => {
  it.each([
    [
      'centroid',
      undefined,
      /^model centroid is exported with a batch of 1: export it with a dynamic batch/,
    ],
    ['bytes', { labels: ['a', 'b', 'c'], size: { width: 64, height: 64 } }, /a batch of 1/],
    ['sized', { labels: ['a', 'b', 'c'] }, /^model sized takes the size of a single image/],
    // ONNX Runtime infers that the output has the boxes of one frame.
    ['half', {}, /^output output0 of model half has a batch of 1: export it/],
    // Only running it shows the problem.
    ['spots-failing', undefined, /^Model spots-failing could not be run: .*Reshape/s],
    [
      'spots-joined',
      undefined,
      /an output of shape \[1, 5, 8\] for 8 frames: export it with a dynamic batch/,
    ],
  ])('processes frames one by one and reports why: %s', async (name, answers, reason) => {
    const model = await placed(name, answers);
    const found = await withBatch(model, 8, ({ detector, smaller }) => {
      expect(detector.batchSize).toBe(1);
      expect(smaller).toEqual([[1, expect.stringMatching(reason)]]);
      const { width, height } = detector.contentSize(FRAME);
      const black = { layout: 'pixels', bytes: new Uint8Array(3 * width * height) } as const;
      return detector.detect([black, black], FRAME, OPTIONS);
    });
    expect(found).toHaveLength(2);
  });

  it('reports nothing if no batch was requested', async () => {
    const { smaller } = await withBatch(
      await placed('spots-failing'),
      undefined,
      (opened) => opened,
    );
    expect(smaller).toEqual([]);
  });
});
