import type { OnnxFacts } from '../onnx/onnx-file.js';

/** Operations behind which a network's own layers lie. */
const LAYERS = new Set(['Conv', 'Gemm', 'MatMul', 'ConvTranspose', 'QLinearConv', 'MatMulNBits']);
const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div', 'Exp', 'Pow']);

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
    waiting.push(...(node.operation === 'Concat' ? node.inputs : node.inputs.slice(0, 1)));
  }
  return false;
}

/** The operation that gives an output. */
export function lastOperation({ nodes }: OnnxFacts, output: string): string | undefined {
  return nodes.find(({ outputs }) => outputs.includes(output))?.operation;
}
