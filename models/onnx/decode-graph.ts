import { z } from 'zod';
import { MODEL_WITH_WEIGHTS } from './descriptor.js';

const names = z.array(z.string()).default([]);
const tensorSchema = z.object({
  name: z.string().default(''),
  dims: z.array(z.number()).default([]),
  /** `TensorProto.DataType`. */
  dataType: z.number().default(0),
  floatData: z.array(z.number()).default([]),
  rawData: z.instanceof(Uint8Array).optional(),
  externalData: z.array(z.unknown()).default([]),
});
/** Fields without a schema stay, so that a node can be written again. */
const attributeSchema = z.looseObject({
  name: z.string().default(''),
  f: z.number().optional(),
  i: z.number().optional(),
  ints: z.array(z.number()).default([]),
  /** Value of a constant. */
  t: tensorSchema.optional(),
  /** Graph of a loop or branch. */
  g: z.unknown().optional(),
});
const nodeSchema = z.object({
  input: names,
  output: names,
  opType: z.string().default(''),
  /** Set of operators; empty for ONNX's own. */
  domain: z.string().default(''),
  attribute: z.array(attributeSchema).default([]),
});
const graphSchema = z.object({
  node: z.array(nodeSchema).default([]),
  initializer: z.array(tensorSchema).default([]),
  input: z.array(z.object({ name: z.string().default('') })).default([]),
  output: z.array(z.object({ name: z.string().default('') })).default([]),
});

export type GraphNode = z.infer<typeof nodeSchema>;
export type GraphTensor = z.infer<typeof tensorSchema>;
/** A graph with its weights. */
export type Graph = z.infer<typeof graphSchema>;

/** Decodes the graph of an ONNX file with its weights; undefined if it has none. */
export function decodeGraph(file: Uint8Array): Graph | undefined {
  const options = { longs: Number };
  const model: unknown = MODEL_WITH_WEIGHTS.toObject(MODEL_WITH_WEIGHTS.decode(file), options);
  return z.object({ graph: graphSchema }).safeParse(model).data?.graph;
}

/** Encodes a message of `onnx.proto` by the name of its type, without a field for it. */
export function encodeMessage(type: string, message: object): Uint8Array {
  const messageType = MODEL_WITH_WEIGHTS.root.lookupType(type);
  return messageType.encode(messageType.fromObject(message)).finish();
}

/** Decodes a message of `onnx.proto` by the name of its type. */
export function decodeMessage(type: string, bytes: Uint8Array): unknown {
  const messageType = MODEL_WITH_WEIGHTS.root.lookupType(type);
  return messageType.toObject(messageType.decode(bytes), { longs: Number });
}

/** Reads the name of an encoded tensor. */
export function tensorName(tensor: Uint8Array): string {
  return z.object({ name: z.string().default('') }).parse(decodeMessage('TensorProto', tensor))
    .name;
}
