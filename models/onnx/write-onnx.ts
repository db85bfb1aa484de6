import { AppError } from '../../domain/errors.js';
import { ATTRIBUTE, ELEMENT, ELEMENT_TYPES, MODEL_WITH_WEIGHTS } from './descriptor.js';
import type { OnnxNode, OnnxTensor } from './onnx-file.js';

/** A tensor of float32 weights, or of int64 sizes and positions. */
export interface Weights {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** Value of an attribute: an integer, integers, a text or a float32. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** A node to write; a loop has the graph of one iteration. */
export interface WrittenNode extends OnnxNode {
  readonly attributes?: Readonly<Record<string, Attribute>>;
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
    node: nodes.map(toNode),
    initializer: weights.map(toInitializer),
    input: inputs.map(toValueInfo),
    output: outputs.map(toValueInfo),
  };
}

/** Returns the message `NodeProto` of a node. */
export function toNode({ operation, inputs, outputs, attributes = {}, body }: WrittenNode) {
  const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
  if (body) attribute.push({ name: 'body', type: ATTRIBUTE.GRAPH, g: toGraph(body) });
  const described = attribute.length > 0 && { attribute };
  return { opType: operation, input: inputs, output: outputs, ...described };
}

function toAttribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.INT, i: value };
  if (typeof value === 'string')
    return { name, type: ATTRIBUTE.STRING, s: Buffer.from(value, 'utf8') };
  if ('float' in value) return { name, type: ATTRIBUTE.FLOAT, f: value.float };
  return { name, type: ATTRIBUTE.INTS, ints: value };
}

/**
 * Returns the message `TensorProto` of weights. Typed arrays are little-endian, as ONNX requires, on every
 * machine that Node supports here.
 */
export function toInitializer({ name, dims, values }: Weights) {
  const dataType = values instanceof Float32Array ? ELEMENT.FLOAT32 : ELEMENT.INT64;
  const rawData = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims, dataType, rawData };
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
