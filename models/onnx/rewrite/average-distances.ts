import { isDeepStrictEqual } from 'node:util';
import type { GraphNode } from '../decode-graph.js';
import { toNode, type Weights, type WrittenNode } from '../write-onnx.js';
import type { GraphEdit } from './graph-edit.js';
import { type GraphIndex, intOf, intsOf, readFloats, readIntegers } from './graph-index.js';

/** First version of the operators whose `Softmax` has a single axis. */
const SINGLE_AXIS_OPSET = 13;
/** Order of axes that brings the bins of a distribution to the front. */
const BINS_FIRST = [0, 2, 1, 3];

/** Mean of the distribution of each edge of each box. */
interface Distances {
  /** Tensor of `edges x bins x boxes` values. */
  readonly scores: string;
  readonly edges: number;
  readonly boxes: number;
  /** Distance of each bin. */
  readonly bins: Float32Array;
  /** Nodes from the first to the last. */
  readonly nodes: readonly GraphNode[];
  readonly result: string;
}

/**
 * Computes the means of distributions (arXiv:2006.04388, equation 6; boxes of YOLOv8 and later) with
 * the bins on the last axis: ONNX Runtime's softmax over another axis takes ten times as long. The
 * results are the same but for rounding.
 */
export function averageDistances(graph: GraphIndex): readonly GraphEdit[] {
  if (graph.opset < SINGLE_AXIS_OPSET) return [];
  return graph.nodes.flatMap((node) => {
    const distances = node.opType === 'Softmax' ? findDistances(graph, node) : undefined;
    return distances ? [editOf(distances)] : [];
  });
}

function findDistances(graph: GraphIndex, softmax: GraphNode): Distances | undefined {
  const turned = graph.producerOf(softmax.input[0]!);
  const shaped = turned && graph.producerOf(turned.input[0]!);
  const product = graph.onlyUserOf(softmax.output[0]!);
  const flat = product && graph.onlyUserOf(product.output[0]!);
  if (!turned || !shaped || !flat || intOf(softmax, 'axis') !== 1) return undefined;
  const isChain =
    graph.onlyUserOf(shaped.output[0]!) === turned &&
    graph.onlyUserOf(turned.output[0]!) === softmax &&
    [shaped, turned, product, flat].map(({ opType }) => opType).join(' ') ===
      'Reshape Transpose Conv Reshape';
  if (!isChain || !isDeepStrictEqual(intsOf(turned, 'perm'), BINS_FIRST)) return undefined;
  const shape = readIntegers(graph.constants.get(shaped.input[1]!));
  const [batch, edges = 0, count = 0, boxes = 0] = shape ?? [];
  const bins = readBins(graph, product);
  const result = readIntegers(graph.constants.get(flat.input[1]!));
  const isFlat = isDeepStrictEqual(result, [1, edges, boxes]);
  if (batch !== 1 || !(edges > 0 && boxes > 0) || bins?.length !== count || !isFlat)
    return undefined;
  const nodes = [shaped, turned, softmax, product, flat];
  const scores = shaped.input[0]!;
  return { scores, edges, boxes, bins, nodes, result: flat.output[0]! };
}

/** Reads the weights of a convolution of 1x1 that returns one sum; undefined for any other. */
function readBins(graph: GraphIndex, convolution: GraphNode): Float32Array | undefined {
  const [, name = '', ...bias] = convolution.input;
  const weights = graph.constants.get(name);
  const [filters, count = 0, ...kernel] = weights?.dims ?? [];
  const isSum = filters === 1 && isDeepStrictEqual(kernel, [1, 1]) && bias.length === 0;
  const isPlain =
    (intOf(convolution, 'group') ?? 1) === 1 &&
    (intsOf(convolution, 'pads') ?? []).every((pad) => pad === 0) &&
    (intsOf(convolution, 'strides') ?? []).every((stride) => stride === 1);
  const values = readFloats(weights);
  return isSum && isPlain && values?.length === count ? values : undefined;
}

function editOf({ scores, edges, boxes, bins, nodes, result }: Distances): GraphEdit {
  const name = (part: string) => `${result}/${part}`;
  const shape = (part: string, dims: readonly number[]): Weights => ({
    ...{ name: name(part), dims: [dims.length], values: BigInt64Array.from(dims, BigInt) },
  });
  const turn = { perm: [1, 0] };
  const steps: readonly WrittenNode[] = [
    step('Reshape', [scores, name('planes')], name('in planes')),
    { ...step('Transpose', [name('in planes')], name('by box')), attributes: turn },
    step('Reshape', [name('by box'), name('rows')], name('in rows')),
    { ...step('Softmax', [name('in rows')], name('shares')), attributes: { axis: 1 } },
    step('MatMul', [name('shares'), name('bins')], name('means')),
    step('Reshape', [name('means'), name('columns')], name('in columns')),
    { ...step('Transpose', [name('in columns')], name('by edge')), attributes: turn },
    step('Reshape', [name('by edge'), name('shape')], result),
  ];
  return {
    at: nodes[0]!.output[0]!,
    removed: new Set(nodes.map(({ output }) => output[0]!)),
    nodes: steps.map(toNode),
    weights: [
      { name: name('bins'), dims: [bins.length, 1], values: bins },
      shape('planes', [edges * bins.length, boxes]),
      shape('rows', [boxes * edges, bins.length]),
      shape('columns', [boxes, edges]),
      shape('shape', [1, edges, boxes]),
    ],
  };
}

function step(operation: string, inputs: readonly string[], output: string): WrittenNode {
  return { operation, inputs, outputs: [output] };
}
