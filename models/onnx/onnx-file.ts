import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { ELEMENT_TYPES, MODEL_FACTS } from './descriptor.js';
import { expectExternalFiles } from './external-files.js';
import { describeOtherFormat, describeSavedModel } from './other-formats.js';

/** An input or output of a model. */
export interface OnnxTensor {
  readonly name: string;
  /** Element type as named by ONNX Runtime, such as `float32`. */
  readonly type: string;
  /** A dynamic dimension is a name, or `?`. */
  readonly dims: readonly (number | string)[];
}

/** A node of the graph, with the names of its inputs and outputs. */
export interface OnnxNode {
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Description of an ONNX model, without its weights. */
export interface OnnxFacts {
  /** Path or other name of the file for messages. */
  readonly title: string;
  readonly producer: string;
  readonly opset: number;
  /** Metadata of the exporter: `names`, `imgsz`, `stride`, `task`, ... */
  readonly metadata: Readonly<Record<string, string>>;
  /** Inputs of an inference, without weights. */
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  /** Files with external weights, relative to the folder of the model, sorted by name. */
  readonly externalFiles: readonly string[];
}

const names = z.array(z.string()).default([]);
const pairs = z.array(z.object({ key: z.string().default(''), value: z.string().default('') }));
const dimension = z.object({ dimValue: z.number().optional(), dimParam: z.string().optional() });
const tensorType = z.object({
  elemType: z.number().default(0),
  shape: z.object({ dim: z.array(dimension).default([]) }).optional(),
});
const valueInfo = z.object({
  name: z.string().default(''),
  type: z.object({ tensorType: tensorType.optional() }).optional(),
});
const node = z.object({ input: names, output: names, opType: z.string().default('') });
const initializer = z.object({ name: z.string().default('') });

const modelSchema = z.object({
  producerName: z.string().default(''),
  opsetImport: z
    .array(z.object({ domain: z.string().default(''), version: z.number().default(0) }))
    .min(1),
  metadataProps: pairs.default([]),
  graph: z.object({
    node: z.array(node).default([]),
    initializer: z.array(initializer).default([]),
    input: z.array(valueInfo).default([]),
    output: z.array(valueInfo).min(1),
  }),
});

/**
 * Reads the description of an ONNX model.
 * @throws AppError `MODEL_INVALID` for a file that is missing, truncated or not ONNX, or whose external
 * weights are missing or outside its folder.
 */
export async function readOnnxFile(path: string): Promise<OnnxFacts> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const isSavedModel = existsSync(join(path, 'saved_model.pb'));
    const problem = `could not be read: ${messageOf(cause)}`;
    throw invalid(path, isSavedModel ? describeSavedModel(path) : problem, cause);
  });
  const facts = parseOnnx(bytes, path);
  await expectExternalFiles(path, facts.externalFiles);
  return facts;
}

/**
 * Parses the description of an ONNX model.
 * @throws AppError `MODEL_INVALID` for bytes that are truncated or not ONNX.
 */
export function parseOnnx(bytes: Uint8Array, title: string): OnnxFacts {
  const other = describeOtherFormat(bytes, title);
  if (other) throw invalid(title, other);
  const decoded = decode(bytes, title);
  const model = modelSchema.safeParse(decoded);
  if (!model.success) throw invalid(title, describeInvalid(bytes));
  const { graph, producerName, opsetImport, metadataProps } = model.data;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  return {
    title,
    producer: producerName,
    opset: opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(tensorOf),
    outputs: graph.output.map(tensorOf),
    nodes: graph.node.map(({ opType, input, output }) => ({
      operation: opType,
      inputs: input,
      outputs: output,
    })),
    externalFiles: [...new Set(externalLocations(decoded))].sort(),
  };
}

function decode(bytes: Uint8Array, title: string): unknown {
  try {
    return MODEL_FACTS.toObject(MODEL_FACTS.decode(bytes), { longs: Number });
  } catch (cause) {
    throw invalid(title, describeInvalid(bytes), cause);
  }
}

/** An ONNX file starts with the field of its format version, so a file that does is truncated. */
function describeInvalid(bytes: Uint8Array): string {
  return bytes[0] === 0x08
    ? 'is a truncated ONNX file: copy or download it again'
    : 'is not an ONNX file: export the model as ONNX, and give the .onnx file';
}

function tensorOf({ name, type }: z.infer<typeof valueInfo>): OnnxTensor {
  const tensor = type?.tensorType;
  const dims = tensor?.shape?.dim ?? [];
  return {
    name,
    type: ELEMENT_TYPES[tensor?.elemType ?? 0] ?? 'unknown',
    dims: dims.map(({ dimValue = 0, dimParam }) => (dimValue > 0 ? dimValue : dimParam || '?')),
  };
}

/** Collects the locations of external data of all tensors in a decoded model. */
function externalLocations(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([field, member]: [string, unknown]) => {
    if (field !== 'externalData') return externalLocations(member);
    const { data = [] } = pairs.safeParse(member);
    return data.filter(({ key }) => key === 'location').map(({ value }) => value);
  });
}

function invalid(title: string, problem: string, cause?: unknown): AppError {
  return new AppError('MODEL_INVALID', `${title} ${problem}`, {}, { cause });
}
