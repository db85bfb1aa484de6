import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import { writeOnnx } from '../onnx/write-onnx.js';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { refuseQuestions } from '../../cli/models/ask.js';
import { examine } from './examine.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-examine-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Examines a model whose file declares other dimensions than it has. */
async function examineOpen(real: readonly number[], declared: OnnxTensor['dims'], count: number) {
  const path = join(folder, 'open.onnx');
  const values = new Float32Array(real.reduce((product, size) => product * size, 1));
  const bytes = writeOnnx({
    name: 'open',
    opset: 13,
    inputs: [{ name: 'images', type: 'float32', dims: ['batch', 3, 64, 64] }],
    outputs: [{ name: 'output0', type: 'float32', dims: declared }],
    nodes: [{ operation: 'Identity', inputs: ['values'], outputs: ['output0'] }],
    weights: [{ name: 'values', dims: real, values }],
  });
  await writeFile(path, bytes);
  const labels = Array.from({ length: count }, (_, i) => `class ${i}`);
  return examine({
    path,
    runs: IN_PROCESS_RUNS,
    answers: { labels },
    answer: refuseQuestions(path),
  });
}

describe('examine, with dynamic output dimensions', () => {
  it.each([
    ['a list', [1, 5, 6], 9, 'end-to-end'],
    ['anchors of grids', [1, 84, 8], 4, 'yolov8'],
  ])('runs the model to recognise %s', async (_, real, count, family) => {
    const { draft, concluded } = await examineOpen(real, ['batch', 'p', 'q'], count);
    expect(draft.output.family).toBe(family);
    expect(concluded[0]).toEqual({
      what: 'outputs',
      value: `output0 float32 [${real.join(', ')}]`,
      because: 'the file has dynamic dimensions, so they were measured by running it',
    });
  });

  it('recognises anchors of unusual grids from the declared dimensions', async () => {
    const { draft, concluded } = await examineOpen([1, 7, 2], ['batch', 7, 'anchors'], 3);
    expect(draft.output).toMatchObject({ family: 'yolov8', orientation: 'columns' });
    expect(concluded.map(({ what }) => what)).not.toContain('outputs');
  });

  it('names the measured dimensions if they cannot be decoded', async () => {
    const wrong = examineOpen([1, 84, 8], ['batch', 'p', 'q'], 80);
    await expect(wrong).rejects.toThrow('output0 float32 [1, 84, 8]) cannot be decoded');
  });

  it('asks for the input size before running the model', async () => {
    const path = join(folder, 'any-size.onnx');
    const image = { name: 'images', type: 'float32', dims: ['b', 3, 'h', 'w'] };
    const nodes = [{ operation: 'Identity', inputs: ['images'], outputs: ['y'] }];
    const outputs = [{ ...image, name: 'y' }];
    await writeFile(path, writeOnnx({ name: 'any', opset: 13, inputs: [image], outputs, nodes }));
    const asked = examine({
      path,
      runs: IN_PROCESS_RUNS,
      answers: { labels: ['a'] },
      answer: refuseQuestions(path),
    });
    await expect(asked).rejects.toThrow('any size');
  });
});
