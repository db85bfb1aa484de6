import type { OnnxFacts, OnnxNode, OnnxTensor } from '../../models/onnx/onnx-file.js';

export type Dims = OnnxTensor['dims'];

export const tensor = (name: string, dims: Dims, type = 'float32'): OnnxTensor => ({
  name,
  type,
  dims,
});
export const IMAGES = tensor('images', [1, 3, 640, 640]);

/** Facts of an ONNX file; a test sets only the parts that matter to it. */
export function factsOf(change: Partial<OnnxFacts>): OnnxFacts {
  return {
    title: 'best.onnx',
    producer: 'test',
    opset: 13,
    metadata: {},
    inputs: [IMAGES],
    outputs: [],
    nodes: [],
    externalFiles: [],
    ...change,
  };
}

export const output = (...dims: Dims) => factsOf({ outputs: [tensor('output0', dims)] });
export const labels = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);
export const node = (operation: string, from: string, to: string): OnnxNode => ({
  operation,
  inputs: from.split(','),
  outputs: [to],
});
