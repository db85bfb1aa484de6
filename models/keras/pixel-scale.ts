import type { Graph } from './graph.js';

/**
 * Returns the factor by which a graph multiplies pixels, the largest of all channels, if that is the
 * first that it does with them.
 */
export function pixelScaleOf(
  { nodes, weights }: Pick<Graph, 'nodes' | 'weights'>,
  pixels: string,
): number | undefined {
  const first = nodes.find(({ inputs }) => inputs.includes(pixels));
  const [input, factor] = first?.inputs ?? [];
  const values = weights.find(({ name }) => name === factor)?.values;
  if (input !== pixels || !(values instanceof Float32Array)) return undefined;
  if (first?.operation === 'Mul') return Math.max(...values);
  return first?.operation === 'Div' ? 1 / Math.min(...values) : undefined;
}
