import type { GraphNode } from '../decode-graph.js';
import { type GraphIndex, intOf, intsOf, readIntegers } from './graph-index.js';

/** Channels `[from, to)` of a tensor. */
export interface ChannelPart {
  readonly from: number;
  readonly to: number;
  /** Tensor of these channels. */
  readonly output: string;
}

/** Parts of a tensor, and the nodes that cut it. */
interface ChannelParts {
  readonly parts: readonly ChannelPart[];
  readonly nodes: readonly GraphNode[];
}

/** Axis of channels in `[batch, channels, rows, columns]`. */
const CHANNELS = 1;

/**
 * Finds the parts into which nodes cut the channels of a tensor, without overlaps; undefined if anything
 * else reads the tensor.
 */
export function findChannelParts(
  graph: GraphIndex,
  name: string,
  channels: number,
): ChannelParts | undefined {
  if (graph.isOutput(name)) return undefined;
  const nodes = graph.usersOf(name);
  const found = nodes.map((node) => partsOf(graph, node, name, channels));
  if (!found.every((parts) => parts !== undefined)) return undefined;
  const parts = found.flat().sort((a, b) => a.from - b.from);
  const areApart = parts.every(({ from, to }, i) => from < to && (parts[i - 1]?.to ?? 0) <= from);
  return parts.length > 1 && areApart ? { parts, nodes } : undefined;
}

function partsOf(graph: GraphIndex, node: GraphNode, name: string, channels: number) {
  if (node.input[0] !== name) return undefined;
  if (node.opType === 'Slice') return slicePart(graph, node, channels);
  return node.opType === 'Split' ? splitParts(graph, node, channels) : undefined;
}

/** Reads a slice of consecutive channels. */
function slicePart(graph: GraphIndex, { input, output }: GraphNode, channels: number) {
  const [from, end, axis, step = 1] = input.slice(1).map((each) => {
    const values = readIntegers(graph.constants.get(each));
    return values?.length === 1 ? values[0]! : Number.NaN;
  });
  if (axis !== CHANNELS || step !== 1 || !(from! >= 0) || !(end! >= 0)) return undefined;
  return [{ from: from!, to: Math.min(end!, channels), output: output[0]! }];
}

/** Reads the sizes of a split, which are an input or, up to operator version 12, an attribute. */
function splitParts(graph: GraphIndex, node: GraphNode, channels: number) {
  if (intOf(node, 'axis') !== CHANNELS) return undefined;
  const { output } = node;
  const given = node.input[1]
    ? readIntegers(graph.constants.get(node.input[1]))
    : (intsOf(node, 'split') ?? output.map(() => channels / output.length));
  if (given?.length !== output.length || given.reduce((sum, size) => sum + size, 0) !== channels)
    return undefined;
  let to = 0;
  return output.map((each, i): ChannelPart => {
    const from = to;
    to += given[i]!;
    return { from, to, output: each };
  });
}
