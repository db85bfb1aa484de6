import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { ELEMENT_TYPES, MODEL_FACTS } from './descriptor.js';
import { expectExternalFiles } from './external-files.js';
import { whatItIs } from './other-formats.js';

/** An input or an output of a network. */
export interface OnnxTensor {
  readonly name: string;
  /** Its element type as ONNX Runtime names it, such as `float32`. */
  readonly type: string;
  /** A size that is left open is a name, or `?`. */
  readonly dims: readonly (number | string)[];
}

/** An operation of the graph: what it takes and what it gives, by name. */
export interface OnnxNode {
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What an ONNX file tells of its network; its weights are not among it. */
export interface OnnxFacts {
  /** Path of the file, or another name of it, for messages. */
  readonly title: string;
  readonly producer: string;
  readonly opset: number;
  /** What the exporter wrote beside the graph: `names`, `imgsz`, `stride`, `task`, ... */
  readonly metadata: Readonly<Record<string, string>>;
  /** Inputs that are given on each run: weights are not among them. */
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  /** Files that hold its weights, relative to its folder, in the order of their names. */
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
 * Reads what an ONNX file tells of its network.
 * @throws AppError `MODEL_INVALID` for a file that is missing, no ONNX file or truncated, or whose
 * weights lie in files that are missing or outside its folder.
 */
export async function readOnnxFile(path: string): Promise<OnnxFacts> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw invalid(path, `could not be read: ${messageOf(cause)}`, cause);
  });
  const facts = parseOnnx(bytes, path);
  await expectExternalFiles(path, facts.externalFiles);
  return facts;
}

/**
 * What the bytes of an ONNX file tell of its network.
 * @throws AppError `MODEL_INVALID` for bytes that are no ONNX file, or a part of one.
 */
export function parseOnnx(bytes: Uint8Array, title: string): OnnxFacts {
  const other = whatItIs(bytes, title);
  if (other) throw invalid(title, other);
  const decoded = decode(bytes, title);
  const model = modelSchema.safeParse(decoded);
  if (!model.success) throw invalid(title, noModel(bytes));
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
    throw invalid(title, noModel(bytes), cause);
  }
}

/** ONNX files begin with the number of their format's version. */
function noModel(bytes: Uint8Array): string {
  return bytes[0] === 0x08
    ? 'is an ONNX file of which the end is missing: copy or download it again'
    : 'is not an ONNX file: export the network as ONNX, and give the .onnx file';
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

/** Where tensors, anywhere in a model, say that their values are. */
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
