import { z } from 'zod';
import { describeLayer, type KerasLayer } from './config.js';
import { damaged, notConverted } from './errors.js';

/** An output of a call of a layer: the name of the layer, and which of its calls. */
export interface TensorRef {
  readonly layer: string;
  readonly call: number;
}

const index = z.int().nonnegative();
/** Name of the layer, number of its call, number of its output. */
const reference = z
  .tuple([z.string(), index, z.literal(0)])
  .transform(([layer, call]): TensorRef => ({ layer, call }));
const references = z.union([reference.transform((one) => [one]), z.array(reference)]);

const tensor = z
  .object({
    class_name: z.literal('__keras_tensor__'),
    config: z.object({ keras_history: reference }),
  })
  .transform(({ config }) => config.keras_history);

const callSchema = z.object({
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()).default({}),
});

/** Settings such as `training` and `mask`, which change nothing in inference. */
const setting = z.union([z.null(), z.boolean()]);

/**
 * Parses the inputs or outputs of a model.
 * @throws AppError `MODEL_INVALID` unless it is exactly one.
 */
export function parseOnlyRef(value: unknown, what: 'input' | 'output'): TensorRef {
  const parsed = references.safeParse(value);
  if (!parsed.success) throw damaged(`has invalid ${what}s of a model`);
  const [only, ...others] = parsed.data;
  if (only && others.length === 0) return only;
  throw notConverted(`cannot be converted: it has a model of ${parsed.data.length} ${what}s`);
}

/**
 * Parses the calls of a layer: tensors and numbers in the order of the arguments.
 * @throws AppError `MODEL_INVALID` for arguments of another kind.
 */
export function parseCalls(layer: KerasLayer): readonly (readonly (TensorRef | number)[])[] {
  return layer.inbound_nodes.map((node) => {
    const parsed = callSchema.safeParse(node);
    if (!parsed.success) throw damaged(`has an invalid call of its ${describeLayer(layer)}`);
    const { args, kwargs } = parsed.data;
    if (!Object.values(kwargs).every((value) => setting.safeParse(value).success)) {
      throw notConverted(
        `cannot be converted: its ${describeLayer(layer)} is called with named arguments`,
      );
    }
    return args.flatMap((argument) => operandsOf(argument, layer));
  });
}

function operandsOf(argument: unknown, layer: KerasLayer): readonly (TensorRef | number)[] {
  if (typeof argument === 'number') return [argument];
  if (Array.isArray(argument)) return argument.flatMap((each) => operandsOf(each, layer));
  if (setting.safeParse(argument).success) return [];
  const parsed = tensor.safeParse(argument);
  if (parsed.success) return [parsed.data];
  throw notConverted(
    `cannot be converted: its ${describeLayer(layer)} is called with an argument that is not supported`,
  );
}
