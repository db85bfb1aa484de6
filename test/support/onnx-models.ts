import { InferenceSession } from '../../models/session/onnx-runtime.js';
import { Tensor } from '../../models/session/tensor.js';
import { parseOnnx } from '../../models/onnx/onnx-file.js';
import type { WrittenNode } from '../../models/onnx/write-onnx.js';

/** Input of a model that a test has written. */
interface Input {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A node with one output. */
export function step(operation: string, inputs: readonly string[], output: string): WrittenNode {
  return { operation, inputs, outputs: [output] };
}

/** Names of all operations of a file, in order. */
export function operationsOf(file: Uint8Array): string {
  return parseOnnx(file, 'model')
    .nodes.map(({ operation }) => operation)
    .join(' ');
}

/** Runs a model once and returns its outputs by name. */
export async function runModel(
  file: Uint8Array,
  { name, dims, values }: Input,
): Promise<Readonly<Record<string, Float32Array>>> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const results = await session.run({ [name]: new Tensor('float32', values, dims) });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([output, value]) => [output, value.data as Float32Array]),
  );
}
