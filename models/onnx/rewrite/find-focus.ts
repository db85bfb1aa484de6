import { isDeepStrictEqual } from 'node:util';
import type { GraphNode } from '../decode-graph.js';
import { type GraphIndex, intOf, intsOf, readFloats, readIntegers } from './graph-index.js';

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

/** Filters of `[outputs, inputs, 3, 3]`. */
export interface Filters {
  readonly outputs: number;
  readonly inputs: number;
  readonly values: Float32Array;
}

/** Slices of an image into four of half the size, and the convolution behind them. */
export interface Focus {
  readonly image: string;
  readonly phases: readonly Phase[];
  readonly convolution: GraphNode;
  readonly filters: Filters;
  /** Nodes in front of the convolution, by their first output. */
  readonly slices: ReadonlySet<string>;
}

/** Finds the slices at the start of a graph; undefined if it starts otherwise. */
export function findFocus(graph: GraphIndex): Focus | undefined {
  const joint = graph.nodes.find(
    ({ opType, input }) => opType === 'Concat' && input.length === PHASES,
  );
  const convolution = joint && graph.onlyUserOf(joint.output[0]!);
  const [image] = graph.inputs;
  if (image === undefined || !joint || !convolution || intOf(joint, 'axis') !== 1) return undefined;
  const filters = isBehind(convolution) ? readFilters(graph, convolution) : undefined;
  const paths = joint.input.map((name) => tracePhase(graph, name, image));
  if (!filters || !paths.every((path) => path !== undefined)) return undefined;
  const slices = new Set([joint.output[0]!, ...paths.flatMap(({ nodes }) => nodes)]);
  const isOwn = (name: string) =>
    !graph.isOutput(name) &&
    graph.usersOf(name).every((user) => user === convolution || slices.has(user.output[0]!));
  if (![...slices].every(isOwn)) return undefined;
  return { image, phases: paths.map(({ phase }) => phase), convolution, filters, slices };
}

function isBehind(node: GraphNode): boolean {
  const padding = node.attribute.some(({ name }) => name === 'auto_pad');
  if (node.opType !== 'Conv' || (intOf(node, 'group') ?? 1) !== 1 || padding) return false;
  return Object.entries(BEHIND).every(([name, expected]) =>
    isDeepStrictEqual(intsOf(node, name), expected),
  );
}

function readFilters(graph: GraphIndex, { input }: GraphNode): Filters | undefined {
  const tensor = graph.constants.get(input[1]!);
  const values = readFloats(tensor);
  const [outputs = 0, inputs = 0, ...kernel] = tensor?.dims ?? [];
  const fits = inputs % PHASES === 0 && isDeepStrictEqual(kernel, [3, 3]);
  return values && fits ? { outputs, inputs, values } : undefined;
}

/** Follows slices back to the image; returns them by their outputs. */
function tracePhase(
  graph: GraphIndex,
  name: string,
  image: string,
): { readonly phase: Phase; readonly nodes: readonly string[] } | undefined {
  const starts = new Map<number, number>();
  const passed: string[] = [];
  for (let at = name; at !== image;) {
    const node = graph.producerOf(at);
    const slice = node?.opType === 'Slice' ? sliceOf(graph, node) : undefined;
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
function sliceOf({ constants }: GraphIndex, { input }: GraphNode) {
  const [start, end, axis, step] = input
    .slice(1)
    .map((name) => readIntegers(constants.get(name))?.[0]);
  const isPhase = (start === 0 || start === 1) && step === 2 && (axis === ROWS || axis === COLUMNS);
  return isPhase && end !== undefined && end >= 2 ** 31 - 1 ? { axis, start } : undefined;
}
