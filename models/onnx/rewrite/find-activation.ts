import type { GraphNode } from '../decode-graph.js';
import type { GraphIndex } from './graph-index.js';

/** Activation behind a layer. */
export interface Activation {
  /** Nodes in order; none if the layer has no activation. */
  readonly nodes: readonly GraphNode[];
  /** Tensor that the activation returns. */
  readonly output: string;
}

/** Activations of one node that read a single tensor. */
const SINGLE = new Set(['Relu', 'LeakyRelu', 'HardSwish', 'Sigmoid', 'Tanh']);

/**
 * Finds the activation of a layer's output; SiLU consists of `Sigmoid` and `Mul`. Undefined if the
 * output of the graph contains a tensor before it.
 */
export function findActivation(graph: GraphIndex, name: string): Activation | undefined {
  if (graph.isOutput(name)) return undefined;
  const users = graph.usersOf(name);
  const [user] = users;
  if (users.length === 1 && user && SINGLE.has(user.opType)) {
    return { nodes: [user], output: user.output[0]! };
  }
  const sigmoid = users.find(({ opType }) => opType === 'Sigmoid');
  const product = users.find(({ opType }) => opType === 'Mul');
  const isSilu =
    users.length === 2 && sigmoid && product && graph.onlyUserOf(sigmoid.output[0]!) === product;
  return isSilu
    ? { nodes: [sigmoid, product], output: product.output[0]! }
    : { nodes: [], output: name };
}
