import { isDeepStrictEqual } from 'node:util';
import { ELEMENT } from './descriptor.js';
import type { Graph, GraphNode, GraphTensor } from './decode-graph.js';

/** Axes of rows and columns in `[batch, channels, rows, columns]`. */
const ROWS = 2;
const COLUMNS = 3;
const PHASES = 4;
/** Attributes of the convolution behind the slices. */
const BEHIND = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1] };

/** Every second pixel of an image, from this row and column on. */
export interface Phase {
  readonly row: number;
  readonly column: number;
}

/** Slices of an image into four of half the size, and the convolution behind them. */
export interface Focus {
  readonly image: string;
  readonly phases: readonly Phase[];
  readonly convolution: GraphNode;
  readonly weights: GraphTensor;
  /** Nodes in front of the convolution, by their first output. */
  readonly replaced: ReadonlySet<string>;
  /** Tensors that only those nodes use. */
  readonly unused: ReadonlySet<string>;
}

/** Finds the slices at the start of a graph; undefined if it starts otherwise. */
export function findFocus(graph: Graph): Focus | undefined {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  // Old files list their weights as inputs too, with the sizes that would change.
  const [image, ...otherInputs] = graph.input;
  const usersOf = (name: string) => graph.node.filter(({ input }) => input.includes(name));
  const joint = graph.node.find(
    ({ opType, input }) => opType === 'Concat' && input.length === PHASES,
  );
  const [convolution, ...others] = usersOf(joint?.output[0] ?? '');
  if (!image || otherInputs.length > 0 || !joint || !convolution || others.length > 0)
    return undefined;
  // A loop or branch may use any tensor.
  if (graph.node.some(({ attribute }) => attribute.some(({ g }) => g))) return undefined;
  const weights = tensors.get(convolution.input[1] ?? '');
  if (intOf(joint, 'axis') !== 1 || !isBehind(convolution) || !weights) return undefined;
  const paths = joint.input.map((name) => tracePhase(graph.node, tensors, name, image.name));
  if (!paths.every((path) => path !== undefined)) return undefined;
  const slices = paths.flatMap(({ nodes }) => nodes);
  const replaced = new Set([joint.output[0]!, ...slices]);
  const isUsedElsewhere = (name: string) =>
    graph.output.some((output) => output.name === name) ||
    usersOf(name).some(({ output }) => !replaced.has(output[0]!));
  const isShared = slices.some(isUsedElsewhere) || usersOf(weights.name).length > 1;
  if (isShared || !isReadable(weights)) return undefined;
  const unused = new Set([...tensors.keys()].filter((name) => !isUsedElsewhere(name)));
  const phases = paths.map(({ phase }) => phase);
  return { image: image.name, phases, convolution, weights, replaced, unused };
}

function isBehind(node: GraphNode): boolean {
  const group = intOf(node, 'group') ?? 1;
  const padding = node.attribute.some(({ name }) => name === 'auto_pad');
  if (node.opType !== 'Conv' || group !== 1 || padding) return false;
  return Object.entries(BEHIND).every(([name, expected]) => {
    const ints = node.attribute.find((attribute) => attribute.name === name)?.ints;
    return isDeepStrictEqual(ints, expected);
  });
}

function isReadable({ dims, dataType, rawData }: GraphTensor): boolean {
  const [rows, columns] = [dims[2], dims[3]];
  return (
    dims.length === 4 &&
    dims[1]! % PHASES === 0 &&
    rows === 3 &&
    columns === 3 &&
    dataType === ELEMENT.FLOAT32 &&
    rawData?.length === 4 * dims.reduce((size, dim) => size * dim, 1)
  );
}

/** Follows slices back to the image; returns them by their outputs. */
function tracePhase(
  nodes: readonly GraphNode[],
  tensors: ReadonlyMap<string, GraphTensor>,
  name: string,
  image: string,
): { readonly phase: Phase; readonly nodes: readonly string[] } | undefined {
  const starts = new Map<number, number>();
  const passed: string[] = [];
  for (let at = name; at !== image;) {
    const node = nodes.find(({ output }) => output[0] === at);
    const slice = node?.opType === 'Slice' ? sliceOf(node, tensors) : undefined;
    if (!node || !slice || starts.has(slice.axis)) return undefined;
    starts.set(slice.axis, slice.start);
    passed.push(at);
    at = node.input[0]!;
  }
  const [row, column] = [starts.get(ROWS), starts.get(COLUMNS)];
  return row === undefined || column === undefined
    ? undefined
    : { phase: { row, column }, nodes: passed };
}

/** Reads a slice of every second row or column to the end; undefined for any other. */
function sliceOf({ input }: GraphNode, tensors: ReadonlyMap<string, GraphTensor>) {
  const [start, end, axis, step] = input.slice(1).map((name) => readInteger(tensors.get(name)));
  const isPhase = (start === 0 || start === 1) && step === 2 && (axis === ROWS || axis === COLUMNS);
  return isPhase && end !== undefined && end >= 2 ** 31 - 1 ? { axis, start } : undefined;
}

/** Reads a tensor of one 64-bit integer. */
function readInteger(tensor: GraphTensor | undefined): number | undefined {
  const { dataType, rawData } = tensor ?? {};
  if (dataType !== ELEMENT.INT64 || rawData?.length !== 8) return undefined;
  return Number(Buffer.from(rawData).readBigInt64LE());
}

function intOf({ attribute }: GraphNode, name: string): number | undefined {
  return attribute.find((each) => each.name === name)?.i;
}
