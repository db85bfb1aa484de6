import { ELEMENT } from '../descriptor.js';
import type { Graph, GraphNode, GraphTensor } from '../decode-graph.js';

/** A graph whose nodes and constant tensors can be found by the names of tensors. */
export interface GraphIndex {
  readonly opset: number;
  readonly nodes: readonly GraphNode[];
  /** Inputs of an inference, by name. */
  readonly inputs: readonly string[];
  /** Weights and other constants. */
  readonly constants: ReadonlyMap<string, GraphTensor>;
  readonly isOutput: (name: string) => boolean;
  /** Node that computes a tensor. */
  readonly producerOf: (name: string) => GraphNode | undefined;
  /** Nodes that read a tensor. */
  readonly usersOf: (name: string) => readonly GraphNode[];
  /** The only node that reads a tensor; undefined for an output of the graph. */
  readonly onlyUserOf: (name: string) => GraphNode | undefined;
}

/** Indexes a graph of a model with this version of the operators. */
export function indexGraph({ node, initializer, input, output }: Graph, opset: number): GraphIndex {
  const constantNodes = node.flatMap(({ opType, output: [name], attribute }) => {
    const tensor = opType === 'Constant' ? attribute.find(({ t }) => t)?.t : undefined;
    return name !== undefined && tensor ? [[name, tensor] as const] : [];
  });
  const outputs = new Set(output.map(({ name }) => name));
  const producers = new Map(node.flatMap((each) => each.output.map((name) => [name, each])));
  const users = new Map<string, GraphNode[]>();
  for (const each of node) {
    for (const name of new Set(each.input)) users.set(name, [...(users.get(name) ?? []), each]);
  }
  const usersOf = (name: string) => users.get(name) ?? [];
  return {
    opset,
    nodes: node,
    inputs: input.map(({ name }) => name),
    constants: new Map([
      ...initializer.map((tensor) => [tensor.name, tensor] as const),
      ...constantNodes,
    ]),
    isOutput: (name) => outputs.has(name),
    producerOf: (name) => producers.get(name),
    usersOf,
    onlyUserOf: (name) => {
      const [user, ...others] = usersOf(name);
      return others.length > 0 || outputs.has(name) ? undefined : user;
    },
  };
}

/** Reads a constant tensor of 64-bit integers; undefined for any other. */
export function readIntegers(tensor: GraphTensor | undefined): readonly number[] | undefined {
  if (tensor?.dataType !== ELEMENT.INT64 || !tensor.rawData) return undefined;
  const { buffer, byteOffset, byteLength } = Uint8Array.from(tensor.rawData);
  return Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
}

/** Reads a constant tensor of 32-bit floats that the file itself contains; undefined for any other. */
export function readFloats(tensor: GraphTensor | undefined): Float32Array | undefined {
  if (tensor?.dataType !== ELEMENT.FLOAT32 || !tensor.rawData) return undefined;
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (tensor.rawData.length !== 4 * size) return undefined;
  return new Float32Array(Uint8Array.from(tensor.rawData).buffer);
}

/** Reads an attribute of one integer. */
export function intOf({ attribute }: GraphNode, name: string): number | undefined {
  return attribute.find((each) => each.name === name)?.i;
}

/** Reads an attribute of several integers. */
export function intsOf({ attribute }: GraphNode, name: string): readonly number[] | undefined {
  return attribute.find((each) => each.name === name)?.ints;
}
