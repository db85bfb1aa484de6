import { z } from 'zod';
import type { KerasLayer } from '../config.js';
import { ACTIVATION_LAYERS } from './activation-layers.js';
import { CONVOLUTIONS } from './convolutions.js';
import { type ConvertLayer, defineLayer, refuse } from './define-layer.js';
import { ARITHMETIC, MERGES } from './merging.js';
import { NORMALISATIONS } from './normalisation.js';
import { SHAPES } from './shapes.js';

const identity = defineLayer(z.object({}), (x) => x);

/** Layers that only do something in training. */
const IN_TRAINING = [
  ...['InputLayer', 'Identity', 'ActivityRegularization', 'StochasticDepth'],
  ...['Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'],
  ...['RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation'],
  ...['RandomContrast', 'RandomBrightness'],
];

/** Layers that are converted; all others are rejected by name. */
const LAYERS = new Map<string, ConvertLayer>([
  ...IN_TRAINING.map((name) => [name, identity] as const),
  ...Object.entries(ACTIVATION_LAYERS),
  ...Object.entries(CONVOLUTIONS),
  ...Object.entries(MERGES),
  ...Object.entries(NORMALISATIONS),
  ...Object.entries(SHAPES),
]);
const OPERATIONS = new Map(Object.entries(ARITHMETIC));

/**
 * Returns the conversion of a layer of Keras itself.
 * @throws AppError `MODEL_INVALID` for any other layer, which may have the name of one of Keras.
 */
export function conversionOf(layer: KerasLayer): ConvertLayer {
  const module = layer.module ?? '';
  const isOperation = module.startsWith('keras.src.ops.');
  const isLayer = module === 'keras.layers' || module.startsWith('keras.src.');
  const convert = (isOperation ? OPERATIONS : isLayer ? LAYERS : undefined)?.get(layer.class_name);
  if (convert) return convert;
  throw refuse(
    layer,
    layer.class_name === 'Lambda'
      ? 'contains Python code'
      : isOperation || isLayer
        ? 'is of a class that is not supported'
        : 'is not a layer of Keras itself',
  );
}
