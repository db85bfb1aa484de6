import protobuf from 'protobufjs';

type Fields = Readonly<Record<string, readonly [id: number, type: string, rule?: 'repeated']>>;

/** The parts of ONNX's `onnx.proto` that describe a model; the reader skips all others. */
const FACTS: Readonly<Record<string, Fields>> = {
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
    metadataProps: [14, 'StringStringEntryProto', 'repeated'],
    functions: [25, 'FunctionProto', 'repeated'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto', 'repeated'],
    sparseInitializer: [15, 'SparseTensorProto', 'repeated'],
    input: [11, 'ValueInfoProto', 'repeated'],
    output: [12, 'ValueInfoProto', 'repeated'],
  },
  NodeProto: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto', 'repeated'],
    domain: [7, 'string'],
  },
  // Constants and the graphs of loops, branches and functions may also contain weights.
  AttributeProto: {
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    tensors: [10, 'TensorProto', 'repeated'],
    graphs: [11, 'GraphProto', 'repeated'],
    sparseTensor: [22, 'SparseTensorProto'],
    sparseTensors: [23, 'SparseTensorProto', 'repeated'],
  },
  FunctionProto: {
    node: [7, 'NodeProto', 'repeated'],
    attributeProto: [11, 'AttributeProto', 'repeated'],
  },
  SparseTensorProto: { values: [1, 'TensorProto'], indices: [2, 'TensorProto'] },
  TensorProto: {
    name: [8, 'string'],
    externalData: [13, 'StringStringEntryProto', 'repeated'],
  },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'DimensionProto', 'repeated'] },
  DimensionProto: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
};

/** Fields for writing a model with its weights, attributes and the graphs of its loops. */
const WEIGHTS: Readonly<Record<string, Fields>> = {
  ...FACTS,
  AttributeProto: {
    ...FACTS.AttributeProto,
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    ints: [8, 'int64', 'repeated'],
    type: [20, 'int32'],
  },
  TensorProto: {
    ...FACTS.TensorProto,
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    floatData: [4, 'float', 'repeated'],
    rawData: [9, 'bytes'],
  },
};

function typeOf(messages: Readonly<Record<string, Fields>>): protobuf.Type {
  const nested = Object.entries(messages).map(([name, fields]) => {
    const described = Object.entries(fields).map(([field, [id, type, rule]]) => [
      field,
      { id, type, ...(rule && { rule }) },
    ]);
    return [name, { fields: Object.fromEntries(described) as Record<string, protobuf.IField> }];
  });
  const root = { nested: Object.fromEntries(nested) as Record<string, protobuf.IType> };
  return protobuf.Root.fromJSON(root).lookupType('ModelProto');
}

/** Message type for reading a model without its weights. */
export const MODEL_FACTS = typeOf(FACTS);
/** Message type for writing a model with its weights. */
export const MODEL_WITH_WEIGHTS = typeOf(WEIGHTS);

/** `TensorProto.DataType` of what Vidette writes. */
export const ELEMENT = { FLOAT32: 1, INT64: 7 } as const;
/** `AttributeProto.AttributeType`. */
export const ATTRIBUTE = { FLOAT: 1, INT: 2, STRING: 3, GRAPH: 5, INTS: 7 } as const;
/** Numbers of fields, for files that are changed field by field. */
export const FIELDS = {
  model: { graph: 7, metadata: 14 },
  graph: { node: 1, initializer: 5, output: 12, valueInfo: 13 },
  node: { input: 1, output: 2 },
} as const;

/** Element types of inputs and outputs by their `TensorProto.DataType` number. */
export const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
};
