import type { Attribute, Weights, WrittenNode } from '../onnx/write-onnx.js';
import { notConverted } from './errors.js';

/** A tensor of the graph; an image, which is [batch, height, width, channels] in Keras, has its channels second. */
export interface Value {
  readonly name: string;
  /** 2 for [batch, channels], 4 for images. */
  readonly rank: 2 | 4;
  /** Number of channels, if it is known. */
  readonly channels?: number;
}

/** An ONNX graph while it is built. */
export interface Graph {
  readonly nodes: readonly WrittenNode[];
  readonly weights: readonly Weights[];
  /** Adds a node with one output, and returns the name of that. */
  readonly add: (
    operation: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    output?: string,
  ) => string;
  /** Adds a tensor of weights, and returns its name. */
  readonly weight: (dims: readonly number[], values: Weights['values']) => string;
}

/** Maximum number of nodes, which a model that contains others many times may exceed. */
const MAX_NODES = 10_000;

/** Creates an empty graph. */
export function createGraph(): Graph {
  const nodes: WrittenNode[] = [];
  const weights: Weights[] = [];
  return {
    nodes,
    weights,
    add: (operation, inputs, attributes = {}, output = `t${nodes.length}`) => {
      if (nodes.length >= MAX_NODES)
        throw notConverted(`has more than ${MAX_NODES} operations, which is the limit`);
      nodes.push({ operation, inputs, outputs: [output], attributes });
      return output;
    },
    weight: (dims, values) => {
      const name = `w${weights.length}`;
      weights.push({ name, dims, values });
      return name;
    },
  };
}

/** Adds a number without dimensions. */
export function addNumber(graph: Graph, value: number): string {
  return graph.weight([], Float32Array.of(value));
}

/** Adds sizes or positions. */
export function addIntegers(graph: Graph, values: readonly number[]): string {
  return graph.weight([values.length], BigInt64Array.from(values, BigInt));
}
