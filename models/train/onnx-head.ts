import { AppError } from '../../domain/errors.js';
import { ELEMENT } from '../onnx/descriptor.js';
import { decodeGraph, type GraphNode, type GraphTensor } from '../onnx/decode-graph.js';

/** Last layer of a classifier: one row of weights and an offset for each class. */
export interface HeadWeights {
  /** Number of values of a row. */
  readonly size: number;
  /** Rows of all classes, one after the other. */
  readonly rows: Float64Array;
  readonly offsets: Float64Array;
}

/** Last layer of a classifier, and where it is in its graph. */
export interface OnnxHead extends HeadWeights {
  /** Tensor that the layer receives. */
  readonly features: string;
  readonly operation: 'Gemm' | 'MatMul';
  /** Tensor that the layer returns. */
  readonly result: string;
  readonly weights: string;
  /** Undefined for a layer without offsets. */
  readonly bias: string | undefined;
  /** Whether the weights are stored by class. */
  readonly byClass: boolean;
  /** Output of the graph. */
  readonly output: string;
}

/** Nodes between the layer and the output of a classifier. */
const PASSED = new Set(['Softmax', 'Identity']);
const LAYER = 'the head trainer needs a classifier whose last layer is Gemm or MatMul';

/**
 * Finds the last layer of a classifier.
 * @throws AppError `MODEL_INVALID` for a model that ends in another way, or whose weights are not
 * 32-bit floats in the file itself.
 */
export function findHead(file: Uint8Array, title: string): OnnxHead {
  const graph = decodeGraph(file);
  if (!graph) throw new AppError('MODEL_INVALID', `${title} is not an ONNX file`);
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const producers = new Map(graph.node.flatMap((node) => node.output.map((out) => [out, node])));
  const [output] = graph.output;
  if (!output || graph.output.length > 1) throw unsuited(title, 'it has several outputs');
  const { dense, added } = findDense(output.name, producers, tensors, title);
  const [features, weights, gemmBias] = dense.input;
  const bias = added ?? gemmBias;
  const operation = dense.opType === 'Gemm' ? 'Gemm' : 'MatMul';
  const byClass = operation === 'Gemm' && attributeOf(dense, 'transB', 0) === 1;
  const at = {
    features: features!,
    operation,
    result: dense.output[0]!,
    weights: weights!,
    bias,
  } as const;
  const matrix = readTensor(tensors.get(at.weights), title);
  expectOnlyUse(graph.node, at.weights, title);
  return { ...at, byClass, output: output.name, ...weightsOf(matrix, byClass, readBias()) };

  function readBias(): Float64Array | undefined {
    return bias ? readTensor(tensors.get(bias), title).values : undefined;
  }
}

/** Follows the graph from its output to the last layer, over a softmax and an addition of offsets. */
function findDense(
  output: string,
  producers: ReadonlyMap<string, GraphNode>,
  tensors: ReadonlyMap<string, GraphTensor>,
  title: string,
): { readonly dense: GraphNode; readonly added: string | undefined } {
  let added: string | undefined;
  for (let at: string | undefined = output; at !== undefined;) {
    const node = producers.get(at);
    if (node && isDense(node, tensors)) return { dense: node, added };
    if (node && PASSED.has(node.opType)) at = node.input[0];
    else if (node?.opType === 'Add' && added === undefined) {
      added = node.input.find((name) => tensors.has(name));
      at = added === undefined ? undefined : node.input.find((name) => name !== added);
    } else throw unsuited(title, `its last operation is ${node?.opType ?? 'missing'}`);
  }
  throw unsuited(title, 'its last operation adds two results');
}

function isDense(node: GraphNode, tensors: ReadonlyMap<string, GraphTensor>): boolean {
  if (!tensors.has(node.input[1] ?? '')) return false;
  if (node.opType === 'MatMul') return true;
  return (
    node.opType === 'Gemm' &&
    attributeOf(node, 'transA', 0) === 0 &&
    attributeOf(node, 'alpha', 1) === 1 &&
    attributeOf(node, 'beta', 1) === 1
  );
}

function attributeOf({ attribute }: GraphNode, name: string, fallback: number): number {
  const found = attribute.find((each) => each.name === name);
  return found?.i ?? found?.f ?? fallback;
}

/** Weights that another node uses too must not be replaced. */
function expectOnlyUse(nodes: readonly GraphNode[], tensor: string, title: string): void {
  const uses = nodes.flatMap(({ input }) => input).filter((name) => name === tensor);
  if (uses.length > 1) throw unsuited(title, 'the weights of its last layer are used twice');
}

interface Values {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

function readTensor(tensor: GraphTensor | undefined, title: string): Values {
  if (!tensor || tensor.dataType !== ELEMENT.FLOAT32 || tensor.externalData.length > 0) {
    throw unsuited(title, 'the weights of its last layer are not 32-bit floats in the file itself');
  }
  const { rawData, floatData, dims } = tensor;
  if (!rawData?.length) return { dims, values: Float64Array.from(floatData) };
  const bytes = Uint8Array.from(rawData); // aligned
  return { dims, values: Float64Array.from(new Float32Array(bytes.buffer)) };
}

function weightsOf(
  { dims, values }: Values,
  byClass: boolean,
  offsets: Float64Array | undefined,
): HeadWeights {
  const [first = 0, second = 0] = dims;
  const [classes, size] = byClass ? [first, second] : [second, first];
  const rows = byClass ? values : transpose(values, size, classes);
  return { size, rows, offsets: broadcast(offsets, classes) };
}

/** Transposes a matrix that is stored by rows. */
export function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
}

function broadcast(offsets: Float64Array | undefined, classes: number): Float64Array {
  if (offsets?.length === classes) return offsets;
  return new Float64Array(classes).fill(offsets?.[0] ?? 0);
}

function unsuited(title: string, reason: string): AppError {
  return new AppError('MODEL_INVALID', `${title} cannot be retrained: ${reason}, but ${LAYER}.`);
}
