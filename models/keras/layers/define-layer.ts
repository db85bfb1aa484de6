import type { z } from 'zod';
import { describeLayer, type KerasLayer } from '../config.js';
import { damaged, notConverted } from '../errors.js';
import type { Graph, Value } from '../graph.js';
import type { Variable } from '../weights.js';

/** A call of a layer on tensors. */
export interface LayerCall {
  readonly graph: Graph;
  readonly layer: KerasLayer;
  /** Arguments; numbers occur in operations, such as `x / 127.5`. */
  readonly operands: readonly (Value | number)[];
  /** Reads the variables of the layer. */
  readonly variables: () => readonly Variable[];
}

/** Adds the nodes of a layer to the graph, and returns its output. */
export type ConvertLayer = (call: LayerCall) => Value;

/**
 * Defines the conversion of a layer with one input.
 * @param schema settings of the layer; a value that the conversion does not support is rejected.
 */
export function defineLayer<Settings extends z.ZodType>(
  schema: Settings,
  convert: (input: Value, settings: z.infer<Settings>, call: LayerCall) => Value,
): ConvertLayer {
  return (call) => {
    const [input, ...others] = tensorsOf(call);
    if (!input || others.length > 0) throw refuse(call.layer, 'does not have one input');
    return convert(input, readSettings(schema, call.layer), call);
  };
}

/** Returns the tensors among the arguments of a call. */
export function tensorsOf({ operands }: Pick<LayerCall, 'operands'>): readonly Value[] {
  return operands.filter((operand) => typeof operand !== 'number');
}

/** Parses the settings of a layer. @throws AppError `MODEL_INVALID` that names the layer and the setting. */
export function readSettings<Settings extends z.ZodType>(
  schema: Settings,
  layer: KerasLayer,
): z.infer<Settings> {
  const parsed = schema.safeParse(layer.config);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const setting = issue?.path.join('.') ?? '';
  const value = JSON.stringify(issue && valueAt(layer.config, issue.path))?.slice(0, 80);
  throw refuse(layer, `has ${setting}: ${value}, which is not supported (${issue?.message})`);
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key] // any property of an object
        : undefined,
    config,
  );
}

/** Error for a layer that cannot be converted. */
export function refuse(layer: KerasLayer, problem: string): Error {
  return notConverted(`cannot be converted: its ${describeLayer(layer)} ${problem}`);
}

/** @throws AppError `MODEL_INVALID` for a layer of images that is called on something else. */
export function expectImage({ layer }: LayerCall, { rank }: Value): void {
  if (rank !== 4) throw refuse(layer, 'does not have an image as its input');
}

/** Shape of a variable; undefined matches any length. */
type ExpectedShape = readonly (number | undefined)[];

/**
 * Reads the variables of a layer.
 * @throws AppError `MODEL_INVALID` if their number or shapes differ.
 */
export function takeVariables(
  { layer, variables }: LayerCall,
  shapes: readonly ExpectedShape[],
): readonly Variable[] {
  const found = variables();
  const fits = (shape: readonly number[], expected: ExpectedShape) =>
    shape.length === expected.length &&
    shape.every((length, i) => length === (expected[i] ?? length));
  if (found.length === shapes.length && found.every(({ shape }, i) => fits(shape, shapes[i]!)))
    return found;
  const list = (all: readonly ExpectedShape[]) =>
    all.map((shape) => `[${shape.map((length) => length ?? '?').join(', ')}]`).join(', ') || 'none';
  throw damaged(
    `is damaged: the weights of its ${describeLayer(layer)} have the shapes ${list(found.map(({ shape }) => shape))}; expected ${list(shapes)}`,
  );
}
