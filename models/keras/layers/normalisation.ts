import { z } from 'zod';
import { addNumber } from '../graph.js';
import {
  type ConvertLayer,
  defineLayer,
  type LayerCall,
  refuse,
  takeVariables,
} from './define-layer.js';
import { addPerChannel, toChannelsFirst, toChannelsLast } from './layout.js';
import { axis, isLastAxis } from './settings.js';

const epsilon = z.number().nonnegative();
const affine = { axis, epsilon, center: z.boolean(), scale: z.boolean() };

const batchNormalisation = defineLayer(z.object(affine), (x, settings, call) => {
  const { graph, layer } = call;
  const { scale: hasScale, center: hasOffset } = settings;
  if (!isLastAxis(settings.axis, x.rank)) throw refuse(layer, 'is not over the channels');
  const shapes = Array.from({ length: 2 + Number(hasScale) + Number(hasOffset) }, () => [
    x.channels,
  ]);
  const variables = [...takeVariables(call, shapes)];
  const [variance, mean] = [variables.pop()!.values, variables.pop()!.values];
  const gamma = hasScale ? variables.shift()!.values : new Float32Array(mean.length).fill(1);
  const beta = hasOffset ? variables.shift()!.values : new Float32Array(mean.length);
  const weights = [gamma, beta, mean, variance].map((v) => graph.weight([v.length], v));
  const attributes = { epsilon: { float: settings.epsilon } };
  return { ...x, name: graph.add('BatchNormalization', [x.name, ...weights], attributes) };
});

const layerNormalisation = defineLayer(
  z.object({ ...affine, rms_scaling: z.literal(false).nullish() }),
  (x, settings, call) => {
    const { graph, layer } = call;
    if (!isLastAxis(settings.axis, x.rank)) throw refuse(layer, 'is not over the channels');
    if (!settings.scale) throw refuse(layer, 'has scale: false, which is not supported');
    const shapes = settings.center ? [[x.channels], [x.channels]] : [[x.channels]];
    const weights = takeVariables(call, shapes).map((v) => graph.weight(v.shape, v.values));
    const attributes = { axis: -1, epsilon: { float: settings.epsilon } };
    const last = toChannelsLast(graph, x);
    const name = graph.add('LayerNormalization', [last, ...weights], attributes);
    return { ...x, name: toChannelsFirst(graph, name, x.rank) };
  },
);

const perChannel = z.array(z.number()).nullish();

/** Keras divides by at least this. */
const MIN_DEVIATION = 1e-7;

const normalisation = defineLayer(
  z.object({ axis, invert: z.literal(false).nullish(), mean: perChannel, variance: perChannel }),
  (x, settings, call) => {
    const { graph, layer } = call;
    if (!isLastAxis(settings.axis, x.rank)) throw refuse(layer, 'is not over the channels');
    const [mean, variance] = statisticsOf(settings, call, x.channels);
    const deviation = variance.map((v) => Math.max(Math.sqrt(v), MIN_DEVIATION));
    const centred = graph.add('Sub', [x.name, addPerChannel(graph, x.rank, mean)]);
    return { ...x, name: graph.add('Div', [centred, addPerChannel(graph, x.rank, deviation)]) };
  },
);

/** Mean and variance are settings, or variables that `adapt()` computed. */
function statisticsOf(
  { mean, variance }: { readonly mean?: number[] | null; readonly variance?: number[] | null },
  call: LayerCall,
  channels: number | undefined,
): readonly [Float32Array, Float32Array] {
  if (mean && variance) return [Float32Array.from(mean), Float32Array.from(variance)];
  const [first, second] = takeVariables(call, [[channels], [channels], []]);
  return [first!.values, second!.values];
}

const numbers = z.union([z.number().transform((value) => [value]), z.array(z.number()).min(1)]);

const rescaling = defineLayer(
  z.object({ scale: numbers, offset: numbers }),
  (x, { scale, offset }, { graph }) => {
    const add = (values: readonly number[]) =>
      values.length === 1
        ? addNumber(graph, values[0]!)
        : addPerChannel(graph, x.rank, Float32Array.from(values));
    const scaled = graph.add('Mul', [x.name, add(scale)]);
    return { ...x, name: graph.add('Add', [scaled, add(offset)]) };
  },
);

/** One factor per channel, in ConvNeXt. */
const layerScale = defineLayer(z.object({}), (x, _, call) => {
  const [gamma] = takeVariables(call, [[x.channels]]);
  const factors = addPerChannel(call.graph, x.rank, gamma!.values);
  return { ...x, name: call.graph.add('Mul', [x.name, factors]) };
});

/** Layers that scale values. */
export const NORMALISATIONS: Readonly<Record<string, ConvertLayer>> = {
  BatchNormalization: batchNormalisation,
  LayerNormalization: layerNormalisation,
  Normalization: normalisation,
  Rescaling: rescaling,
  LayerScale: layerScale,
};
