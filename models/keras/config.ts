import { z } from 'zod';
import { messageOf } from '../../domain/errors.js';
import { damaged, notConverted } from './errors.js';

/** Size of one dimension; null if it is open. */
const dimension = z.int().positive().nullable();
const shape = z.array(dimension);

const layerSchema = z.object({
  class_name: z.string(),
  module: z.string().nullish(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional() }),
  build_config: z.looseObject({ input_shape: shape.nullish().catch(undefined) }).nullish(),
  inbound_nodes: z.array(z.unknown()).default([]),
});

/** A layer, an operation or a nested model, as in `config.json`. */
export type KerasLayer = z.infer<typeof layerSchema>;

/** Shape of an image input without the batch: height, width, channels. */
export type ImageShape = readonly [number | null, number | null, number];

/** Part of the configuration of a model that has its layers. */
const containerSchema = z.object({
  layers: z.array(layerSchema).min(1),
  input_layers: z.unknown().optional(),
  output_layers: z.unknown().optional(),
  build_input_shape: shape.nullish(),
});

type Container = z.infer<typeof containerSchema>;

/**
 * Parses `config.json`.
 * @throws AppError `MODEL_INVALID` for anything but the configuration of a model.
 */
export function parseModel(config: Uint8Array): KerasLayer {
  const parsed = layerSchema.safeParse(parseJson(config, 'config.json'));
  if (parsed.success) return parsed.data;
  throw damaged(`has a config.json without a model (${z.prettifyError(parsed.error)})`);
}

const metadataSchema = z.object({ keras_version: z.string().regex(/^\d+(\.\w+)*$/) });

/**
 * Returns the version of Keras in `metadata.json`.
 * @throws AppError `MODEL_INVALID` if it is missing or below 3.
 */
export function parseKerasVersion(metadata: Uint8Array): string {
  const parsed = metadataSchema.safeParse(parseJson(metadata, 'metadata.json'));
  if (!parsed.success) throw damaged('has a metadata.json without the version of Keras');
  const { keras_version: version } = parsed.data;
  if (Number.parseInt(version, 10) >= 3) return version;
  throw notConverted(`was saved by Keras ${version}; Keras 3 or newer is required`);
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(`has a ${name} that is not JSON (${messageOf(cause)})`, cause);
  }
}

/** Returns the name of a layer for lookups and messages. */
export function nameOf({ name, config }: KerasLayer): string {
  return name ?? config.name ?? '';
}

/** @example describeLayer(layer) // 'layer "conv1" (Conv2D)' */
export function describeLayer(layer: KerasLayer): string {
  const clip = (text: string) => text.slice(0, 80);
  return `layer ${JSON.stringify(clip(nameOf(layer)))} (${clip(layer.class_name)})`;
}

/** Returns the layers of a model. @throws AppError `MODEL_INVALID` if it has none. */
export function containerOf(model: KerasLayer): Container {
  const parsed = containerSchema.safeParse(model.config);
  if (parsed.success) return parsed.data;
  throw damaged(`has a ${describeLayer(model)} without layers (${z.prettifyError(parsed.error)})`);
}

/**
 * Returns the shape of the input of a model, which its first layer or that of its first model states.
 * @throws AppError `MODEL_INVALID` for a model that does not take images.
 */
export function inputShapeOf(model: KerasLayer): ImageShape {
  const [batch, height = null, width = null, channels, ...rest] = findInputShape(model) ?? [];
  if (batch === undefined || !channels || rest.length > 0) {
    throw notConverted('does not take images of [height, width, channels]');
  }
  return [height, width, channels];
}

function findInputShape(layer: KerasLayer): z.infer<typeof shape> | undefined {
  const { config, build_config: built } = layer;
  const own = shape.safeParse(config.batch_shape ?? config.build_input_shape);
  if (own.success) return own.data;
  const container = containerSchema.safeParse(config);
  const [first] = container.success ? container.data.layers : [];
  return (first && findInputShape(first)) ?? built?.input_shape ?? undefined;
}
