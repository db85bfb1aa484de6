import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnnx } from '../../test/support/run-onnx.js';
import { KERAS_IMAGE, KERAS_OUTPUTS, kerasFile } from '../../test/support/keras-files.js';
import { convertKeras } from './convert.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-keras-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function converted(name: string, target = `${name}.onnx`): Promise<string> {
  const path = join(folder, `${name}.keras`);
  await writeFile(path, kerasFile(name));
  await convertKeras(path, join(folder, target));
  return join(folder, target);
}

describe('convertKeras', () => {
  it.each(KERAS_OUTPUTS)('computes the outputs of Keras: %s', async (name, expected) => {
    const outputs = await runOnnx(await converted(name), KERAS_IMAGE);
    expect(outputs).toHaveLength(expected.length);
    const worst = Math.max(...outputs.map((value, i) => Math.abs(value - expected[i]!)));
    expect(worst).toBeLessThan(1e-5);
  });

  it('writes the same bytes for the same file', async () => {
    const [first, second] = [await converted('nested'), await converted('nested', 'again.onnx')];
    expect((await readFile(first)).equals(await readFile(second))).toBe(true);
  });

  it.each([
    ['lambda', 'layer "scale" (Lambda) contains Python code'],
    ['custom', 'layer "own" (Dropout) is not a layer of Keras itself'],
    ['recurrent', 'target_shape [12, 36]'],
    ['half', '16 bits'],
    ['first', 'data_format: "channels_first"'],
  ])('rejects %s with the reason and the command that converts it', async (name, reason) => {
    const rejected = converted(name);
    await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(rejected).rejects.toThrow(reason);
    await expect(rejected).rejects.toThrow(`${name}.keras`);
    await expect(rejected).rejects.toThrow(
      'python -m tf2onnx.convert --saved-model DIR --output model.onnx',
    );
  });
});
