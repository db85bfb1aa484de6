import { AppError } from '../../domain/errors.js';
import { ELEMENT_TYPES, MODEL_WITH_WEIGHTS } from './descriptor.js';
import type { OnnxNode, OnnxTensor } from './onnx-file.js';

/** A float32 weight tensor. */
export interface Weights {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A node to write; a loop has the graph of one iteration. */
export interface WrittenNode extends OnnxNode {
  readonly body?: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  readonly nodes: readonly WrittenNode[];
  readonly weights?: readonly Weights[];
}

/** A model to write. */
export interface OnnxModel extends OnnxGraph {
  readonly opset: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** ONNX format version; an old one, which every ONNX Runtime reads. */
const IR_VERSION = 8;
const FLOAT32 = 1;
/** `AttributeProto.AttributeType.GRAPH`. */
const GRAPH = 5;

/** Encodes a model as an ONNX file; the same model always gives the same bytes. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const { opset, metadata = {} } = model;
  const message = MODEL_WITH_WEIGHTS.fromObject({
    irVersion: IR_VERSION,
    producerName: 'vidette',
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: toGraph(model),
  });
  return MODEL_WITH_WEIGHTS.encode(message).finish();
}

function toGraph({ name, inputs, outputs, nodes, weights = [] }: OnnxGraph): object {
  return {
    name,
    node: nodes.map(({ operation, inputs: input, outputs: output, body }) => ({
      opType: operation,
      input,
      output,
      ...(body && { attribute: [{ name: 'body', type: GRAPH, g: toGraph(body) }] }),
    })),
    initializer: weights.map(toInitializer),
    input: inputs.map(toValueInfo),
    output: outputs.map(toValueInfo),
  };
}

function toInitializer({ name, dims, values }: Weights) {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return { name, dims, dataType: FLOAT32, rawData: bytes };
}

function toValueInfo({ name, type, dims }: OnnxTensor) {
  const dim = dims.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: elementTypeOf(type), shape: { dim } } } };
}

function elementTypeOf(type: string): number {
  const found = Object.entries(ELEMENT_TYPES).find(([, name]) => name === type);
  if (found) return Number(found[0]);
  throw new AppError('MODEL_INVALID', `ONNX models with tensors of type ${type} cannot be written`);
}
