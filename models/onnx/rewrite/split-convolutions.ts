import type { GraphNode } from '../decode-graph.js';
import type { Weights } from '../write-onnx.js';
import { type Activation, findActivation } from './find-activation.js';
import { type ChannelPart, findChannelParts } from './find-channel-parts.js';
import type { GraphEdit, NodeMessage } from './graph-edit.js';
import { type GraphIndex, intOf, readFloats } from './graph-index.js';

/** Channels that ONNX Runtime keeps beside each other between convolutions, at most. */
const BLOCK = 16;

/**
 * Splits each convolution whose channels are sliced into parts (C2f and later blocks of YOLOv8) into one
 * for each part. Between convolutions ONNX Runtime keeps channels in blocks, which it would reorder for
 * a slice. Every sum stays the same.
 */
export function splitConvolutions(graph: GraphIndex): readonly GraphEdit[] {
  return graph.nodes.flatMap((node) => splitConvolution(graph, node) ?? []);
}

function splitConvolution(graph: GraphIndex, node: GraphNode): GraphEdit | undefined {
  const weights = node.opType === 'Conv' ? graph.constants.get(node.input[1]!) : undefined;
  const filters = readFloats(weights);
  if (!weights || !filters || (intOf(node, 'group') ?? 1) !== 1) return undefined;
  const bias = node.input[2] ? readFloats(graph.constants.get(node.input[2])) : new Float32Array();
  const activation = findActivation(graph, node.output[0]!);
  const channels = weights.dims[0]!;
  const found = activation && findChannelParts(graph, activation.output, channels);
  if (!found || !bias || !found.parts.every(isAligned)) return undefined;
  const { parts, nodes: slices } = found;
  const made = parts.map((part) => ({
    nodes: nodesOf(node, activation, part),
    weights: [
      sliceFilters({ name: filtersOf(part), dims: weights.dims, values: filters }, part),
      ...(bias.length > 0
        ? [sliceFilters({ name: biasOf(part), dims: [channels], values: bias }, part)]
        : []),
    ],
  }));
  return {
    at: node.output[0]!,
    removed: new Set([node, ...activation.nodes, ...slices].map(({ output }) => output[0]!)),
    nodes: made.flatMap(({ nodes }) => nodes),
    weights: made.flatMap(({ weights: each }) => each),
  };
}

function isAligned({ from, to }: ChannelPart): boolean {
  return from % BLOCK === 0 && to % BLOCK === 0;
}

/** The convolution and its activation for the channels of a part. */
function nodesOf(
  convolution: GraphNode,
  { nodes, output }: Activation,
  part: ChannelPart,
): NodeMessage[] {
  const inside = new Set([convolution, ...nodes].flatMap((node) => node.output));
  const rename = (name: string) => {
    if (name === output) return part.output;
    return inside.has(name) ? `${part.output}/${name}` : name;
  };
  const [image, , bias] = convolution.input;
  return [
    {
      ...convolution,
      input: [image!, filtersOf(part), ...(bias ? [biasOf(part)] : [])],
      output: convolution.output.map(rename),
    },
    ...nodes.map((node) => ({
      ...node,
      input: node.input.map(rename),
      output: node.output.map(rename),
    })),
  ];
}

function filtersOf({ output }: ChannelPart): string {
  return `${output}/weights`;
}

function biasOf({ output }: ChannelPart): string {
  return `${output}/bias`;
}

/** Takes the part of a tensor whose first dimension is the channels. */
function sliceFilters(
  { name, dims, values }: Weights & { readonly values: Float32Array },
  { from, to }: ChannelPart,
): Weights {
  const [channels = 1, ...rest] = dims;
  const size = values.length / channels;
  return { name, dims: [to - from, ...rest], values: values.slice(from * size, to * size) };
}
