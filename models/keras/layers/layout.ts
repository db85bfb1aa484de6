import type { Graph, Value } from '../graph.js';

/** Moves the channels of an image to the end, as in Keras. */
export function toChannelsLast(graph: Graph, { name, rank }: Value): string {
  return rank === 4 ? graph.add('Transpose', [name], { perm: [0, 2, 3, 1] }) : name;
}

/** Moves the channels of an image before its rows, as in the graph. */
export function toChannelsFirst(graph: Graph, name: string, rank: Value['rank']): string {
  return rank === 4 ? graph.add('Transpose', [name], { perm: [0, 3, 1, 2] }) : name;
}

/** Adds one value per channel, to be combined with a tensor of `rank`. */
export function addPerChannel(graph: Graph, rank: Value['rank'], values: Float32Array): string {
  return graph.weight([1, values.length, ...(rank === 4 ? [1, 1] : [])], values);
}
