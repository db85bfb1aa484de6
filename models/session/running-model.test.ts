import { expect, it } from 'vitest';
import { spotModelSpec } from '../../test/support/spot-models.js';
import { createInputBatch } from './input-batch.js';
import { createRunningModel, type FramePixels } from './running-model.js';
import type { ModelSession } from './session.js';
import { createBatches } from './shrinking-batch.js';

const SIZE = { width: 64, height: 64 };
const SPEC = spotModelSpec('spots');

/** A session whose output for a frame is the first value of its input, in 8 bits. */
function echoSession(size: number) {
  const input = createInputBatch(SPEC, size);
  const runs: number[][] = [];
  const session: ModelSession = {
    slots: input.slots,
    notBatchable: undefined,
    run: (count) => {
      const values = input.slots.slice(0, count).map(({ data }) => Math.round(255 * +data[0]!));
      runs.push(values);
      return Promise.resolve(
        values.map((value) => [{ dims: [1], values: Float32Array.of(value) }]),
      );
    },
    close: () => Promise.resolve(),
  };
  return { session, runs };
}

const frameOf = (value: number): FramePixels => ({
  layout: 'planes',
  bytes: new Uint8Array(3 * SIZE.width * SIZE.height).fill(value),
});

it.each([
  [true, [10, 20, 30, 40], [50, 60, 60, 60]],
  [false, [10, 20, 30, 40], [50, 60]],
])('fills a smaller last batch with its last frame if padded: %s', async (isPadded, ...runs) => {
  const echo = echoSession(4);
  const batches = createBatches({ max: 4, isPadded, onSmaller: () => undefined });
  const model = createRunningModel(SPEC, echo.session, batches);
  const frames = [10, 20, 30, 40, 50, 60];
  const found = await model.run(frames.map(frameOf), SIZE, ([output]) => output!.values[0]);
  expect(found).toEqual(frames);
  expect(echo.runs).toEqual(runs);
});
