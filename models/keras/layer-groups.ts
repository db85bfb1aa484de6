import { type KerasLayer, nameOf } from './config.js';
import type { WeightsFile } from './weights.js';

/**
 * Returns the path of the weights of each layer of a model. A group of weights is named by the class of
 * its layer, with a counter, and states the name of the layer since Keras 3.13; without that, layers
 * of a class are counted in the order of the model.
 * @param path the group of the model; empty for the outermost.
 */
export function findGroups(
  layers: readonly KerasLayer[],
  path: string,
  weights: Pick<WeightsFile, 'groupsByLayer'>,
): ReadonlyMap<KerasLayer, string> {
  const parent = path === '' ? 'layers' : `${path}/layers`;
  const stated = weights.groupsByLayer(parent);
  const counts = new Map<string, number>();
  return new Map(
    layers.map((layer) => {
      const kind = toSnakeCase(layer.class_name);
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      const counted = count === 0 ? kind : `${kind}_${count}`;
      return [layer, `${parent}/${stated.get(nameOf(layer)) ?? counted}`];
    }),
  );
}

/** @example toSnakeCase('SeparableConv2D') // 'separable_conv2d' */
function toSnakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
