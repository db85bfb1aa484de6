import { z } from 'zod';
import { decodeMessage, encodeMessage, tensorName } from '../onnx/decode-graph.js';
import { ELEMENT, FIELDS } from '../onnx/descriptor.js';
import { encodeField, spliceFields, splitFields, type WireField } from '../onnx/splice.js';
import { toInitializer } from '../onnx/write-onnx.js';
import { type HeadWeights, type OnnxHead, transpose } from './onnx-head.js';

const { model: MODEL, graph: GRAPH, node: NODE } = FIELDS;

/** Adds the tensor that the last layer receives to the outputs of a model. */
export function exposeFeatures(file: Uint8Array, { features }: OnnxHead): Uint8Array {
  const type = { tensorType: { elemType: ELEMENT.FLOAT32 } };
  const output = encodeField(
    GRAPH.output,
    encodeMessage('ValueInfoProto', { name: features, type }),
  );
  return spliceFields(file, ({ id, content }) =>
    id === MODEL.graph ? [encodeField(id, Buffer.concat([content, output]))] : undefined,
  );
}

/**
 * Replaces the last layer of a model, with any number of classes; everything else keeps its bytes,
 * except shapes of intermediate results and the names of the classes, which no longer apply.
 */
export function writeHead(file: Uint8Array, head: OnnxHead, trained: HeadWeights): Uint8Array {
  return spliceFields(file, ({ id, content }) => {
    if (id === MODEL.metadata && isClassNames(content)) return [];
    if (id === MODEL.graph) return [encodeField(id, writeGraph(content, head, trained))];
    return undefined;
  });
}

function isClassNames(entry: Uint8Array): boolean {
  const { data } = z
    .object({ key: z.string() })
    .safeParse(decodeMessage('StringStringEntryProto', entry));
  return data?.key === 'names';
}

function writeGraph(graph: Uint8Array, head: OnnxHead, trained: HeadWeights): Uint8Array {
  const bias = head.bias ?? unusedName(graph, `${head.weights}.bias`);
  const changed = spliceFields(graph, (field) => {
    if (field.id === GRAPH.valueInfo) return [];
    if (field.id === GRAPH.output) return [encodeField(field.id, resize(field.content, trained))];
    if (field.id === GRAPH.node)
      return writeNode(field, { ...head, bias }, head.bias === undefined);
    if (field.id !== GRAPH.initializer) return undefined;
    const name = tensorName(field.content);
    return name === head.weights || name === bias ? [] : undefined;
  });
  return Buffer.concat([changed, ...tensors(head, bias, trained)]);
}

/** A name that no tensor of the graph has. */
function unusedName(graph: Uint8Array, wanted: string): string {
  const text = Buffer.from(graph).toString('latin1');
  let name = wanted;
  while (text.includes(name)) name += '_';
  return name;
}

/** Weights and offsets of the layer, as initializers. */
function tensors(head: OnnxHead, bias: string, { size, rows, offsets }: HeadWeights) {
  const classes = offsets.length;
  const matrix = head.byClass
    ? { dims: [classes, size], values: rows }
    : { dims: [size, classes], values: transpose(rows, classes, size) };
  return [
    initializer(head.weights, matrix.dims, matrix.values),
    initializer(bias, [classes], offsets),
  ];
}

function initializer(name: string, dims: readonly number[], values: Float64Array): Uint8Array {
  const tensor = toInitializer({ name, dims, values: Float32Array.from(values) });
  return encodeField(GRAPH.initializer, encodeMessage('TensorProto', tensor));
}

/** Sets the number of classes in the last dimension of an output. */
function resize(output: Uint8Array, { offsets }: HeadWeights): Uint8Array {
  const shape = z.looseObject({ dim: z.array(z.looseObject({})) });
  const tensorType = z.looseObject({ shape: shape.optional() });
  const type = z.looseObject({ type: z.looseObject({ tensorType }) });
  const info = type.parse(decodeMessage('ValueInfoProto', output));
  const { dim = [] } = info.type.tensorType.shape ?? {};
  const sizes = dim.map((each, i) => (i === dim.length - 1 ? { dimValue: offsets.length } : each));
  const resized = { ...info.type.tensorType, ...(dim.length > 0 && { shape: { dim: sizes } }) };
  return encodeMessage('ValueInfoProto', { ...info, type: { tensorType: resized } });
}

/** Gives a layer without offsets some; all other nodes keep their bytes. */
function writeNode(
  { content }: WireField,
  { operation, result, bias }: OnnxHead & { readonly bias: string },
  isMissing: boolean,
): readonly Uint8Array[] | undefined {
  const isLayer = splitFields(content).some(
    (field) => field.id === NODE.output && textOf(field) === result,
  );
  if (!isMissing || !isLayer) return undefined;
  const operand = encodeField(NODE.input, Buffer.from(bias));
  if (operation === 'Gemm') return [encodeField(GRAPH.node, Buffer.concat([content, operand]))];
  return addOffsets(content, result, bias);
}

/** Splits a product into the product and the addition of offsets, which returns its result. */
function addOffsets(node: Uint8Array, result: string, bias: string): Uint8Array[] {
  const product = `${result}.product`;
  const renamed = spliceFields(node, ({ id }) =>
    id === NODE.output ? [encodeField(id, Buffer.from(product))] : undefined,
  );
  const sum = { opType: 'Add', input: [product, bias], output: [result] };
  return [
    encodeField(GRAPH.node, renamed),
    encodeField(GRAPH.node, encodeMessage('NodeProto', sum)),
  ];
}

function textOf({ content }: WireField): string {
  return Buffer.from(content).toString('utf8');
}
