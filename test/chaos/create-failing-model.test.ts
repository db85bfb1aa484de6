import { InferenceSession, Tensor } from '../../models/session/onnx-runtime.js';
import { describe, expect, it } from 'vitest';
import { createFailingModel, type ModelFailure } from './create-failing-model.js';

const DIMS = [1, 3, 256, 256];
const SIZE = DIMS.reduce((product, each) => product * each);
const images = {
  grey: new Float32Array(SIZE).fill(0.5),
  stripes: Float32Array.from({ length: SIZE }, (_, i) => (i % 7) / 7),
  white: new Float32Array(SIZE).fill(1),
};

async function run(failure: ModelFailure, image: keyof typeof images): Promise<number[]> {
  const session = await InferenceSession.create(createFailingModel(failure), {
    logSeverityLevel: 4,
  });
  const frame = new Tensor('float32', images[image], DIMS);
  const { detections } = await session.run({ frame });
  return [...(detections!.data as Float32Array)]; // its only output
}

describe('a model that fails on white frames', () => {
  it.each(['throws', 'nan', 'hangs'] as const)(
    '(%s) finds the objects of the harmless model in frames that are not white',
    async (failure) => {
      expect(await run(failure, 'grey')).toEqual(await run('harmless', 'grey'));
      expect(await run(failure, 'stripes')).toEqual(await run('harmless', 'stripes'));
    },
  );

  it('finds other boxes in other frames', async () => {
    expect(await run('harmless', 'grey')).not.toEqual(await run('harmless', 'stripes'));
  });

  it('throws or returns NaN on a white frame', async () => {
    expect((await run('harmless', 'white')).every(Number.isFinite)).toBe(true);
    await expect(run('throws', 'white')).rejects.toThrow('Gather');
    expect((await run('nan', 'white')).every(Number.isNaN)).toBe(true);
  });
});
