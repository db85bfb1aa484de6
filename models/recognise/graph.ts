import type { OnnxFacts } from '../onnx/onnx-file.js';

/** Operations behind which a network's own layers lie. */
const LAYERS = new Set(['Conv', 'Gemm', 'MatMul', 'ConvTranspose', 'QLinearConv', 'MatMulNBits']);
const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div', 'Exp', 'Pow']);
/** Where values come from in what puts several together; of others, the first input has them. */
const VALUES: Readonly<Record<string, (inputs: readonly string[]) => readonly string[]>> = {
  Concat: (inputs) => inputs,
  // What PyTorch makes of an assignment to a part of a tensor, such as YOLOX's decoder.
  ScatterND: ([whole = '', , part = '']) => [whole, part],
  ScatterElements: ([whole = '', , part = '']) => [whole, part],
  Where: ([, first = '', second = '']) => [first, second],
};

/** Whether something is computed of an output's values after the last layers, beside sigmoids. */
export function isComputed({ nodes }: OnnxFacts, output: string): boolean {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const waiting = [output];
  const seen = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = makers.get(name);
    if (!node || seen.has(name) || LAYERS.has(node.operation)) continue;
    if (ARITHMETIC.has(node.operation)) return true;
    seen.add(name);
    // The other inputs of what reshapes or cuts are sizes and places.
    waiting.push(...(VALUES[node.operation]?.(node.inputs) ?? node.inputs.slice(0, 1)));
  }
  return false;
}

/** The operation that gives an output. */
export function lastOperation({ nodes }: OnnxFacts, output: string): string | undefined {
  return nodes.find(({ outputs }) => outputs.includes(output))?.operation;
}

/** Operations that leave the values as they are. */
const CARRIES = new Set([
  ...['Identity', 'Cast', 'Dropout'],
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
]);
const SCALING = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** The operation that computes an output's values, whatever shape they are brought to then. */
export function lastComputation({ nodes }: OnnxFacts, output: string): string | undefined {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let maker = makers.get(output);
  // Each step leads to another node, so there are at most as many as there are nodes.
  for (let step = 0; step < nodes.length && maker && CARRIES.has(maker.operation); step++) {
    maker = makers.get(maker.inputs[0] ?? '');
  }
  return maker?.operation;
}

/** What is computed of the picture's values before the first layer, if anything is. */
export function firstArithmetic({ nodes, inputs }: OnnxFacts): string | undefined {
  const values = new Set(inputs.map(({ name }) => name));
  for (const { operation, inputs: from, outputs: to } of nodes) {
    if (!from.some((name) => values.has(name))) continue;
    if (SCALING.has(operation)) return operation;
    if (CARRIES.has(operation)) to.forEach((name) => values.add(name));
  }
  return undefined;
}
