import type { OnnxFacts } from '../onnx/onnx-file.js';

/** Operations of layers with weights, where the backward search ends. */
const LAYERS = new Set(['Conv', 'Gemm', 'MatMul', 'ConvTranspose', 'QLinearConv', 'MatMulNBits']);
const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div', 'Exp', 'Pow']);
/** Inputs that carry values, for operations that combine several; default: the first input. */
const VALUE_INPUTS: Readonly<Record<string, (inputs: readonly string[]) => readonly string[]>> = {
  Concat: (inputs) => inputs,
  // PyTorch exports an assignment to a slice as this, for example in YOLOX's decoder.
  ScatterND: ([whole = '', , part = '']) => [whole, part],
  ScatterElements: ([whole = '', , part = '']) => [whole, part],
  Where: ([, first = '', second = '']) => [first, second],
};

/** Whether arithmetic, other than sigmoids, follows the last layers before an output. */
export function isComputed({ nodes }: OnnxFacts, output: string): boolean {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const pending = [output];
  const seen = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = producers.get(name);
    if (!node || seen.has(name) || LAYERS.has(node.operation)) continue;
    if (ARITHMETIC.has(node.operation)) return true;
    seen.add(name);
    // The other inputs of reshapes and slices are sizes and positions.
    pending.push(...(VALUE_INPUTS[node.operation]?.(node.inputs) ?? node.inputs.slice(0, 1)));
  }
  return false;
}

/** Returns the operation that produces an output. */
export function lastOperation({ nodes }: OnnxFacts, output: string): string | undefined {
  return nodes.find(({ outputs }) => outputs.includes(output))?.operation;
}

/** Operations that only change the type or shape, not the values. */
const LAYOUT_OPERATIONS = new Set([
  ...['Identity', 'Cast', 'Dropout'],
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
]);
const SCALING = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** Returns the operation that computes an output's values, ignoring later changes of shape. */
export function lastComputation({ nodes }: OnnxFacts, output: string): string | undefined {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let node = producers.get(output);
  // Bounded, in case the graph has a cycle.
  for (let step = 0; step < nodes.length && node && LAYOUT_OPERATIONS.has(node.operation); step++) {
    node = producers.get(node.inputs[0] ?? '');
  }
  return node?.operation;
}

/** Returns the first arithmetic operation on the image's values before the first layer, if any. */
export function firstArithmetic({ nodes, inputs }: OnnxFacts): string | undefined {
  const values = new Set(inputs.map(({ name }) => name));
  for (const { operation, inputs: from, outputs: to } of nodes) {
    if (!from.some((name) => values.has(name))) continue;
    if (SCALING.has(operation)) return operation;
    if (LAYOUT_OPERATIONS.has(operation)) to.forEach((name) => values.add(name));
  }
  return undefined;
}
