import { z } from 'zod';
import { activate, clip } from './activation-functions.js';
import { type ConvertLayer, defineLayer, refuse, takeVariables } from './define-layer.js';
import { permute } from './permute.js';
import { activation, axis, isLastAxis } from './settings.js';

const reluSettings = z.object({
  max_value: z.number().positive().nullish(),
  negative_slope: z.number().nullish(),
  threshold: z.literal(0).nullish(),
});

const relu = defineLayer(reluSettings, (x, settings, { graph, layer }) => {
  const { max_value: top, negative_slope: slope } = settings;
  if (slope && top) throw refuse(layer, 'has both max_value and negative_slope');
  if (slope) {
    return { ...x, name: graph.add('LeakyRelu', [x.name], { alpha: { float: slope } }) };
  }
  return top ? { ...x, name: clip(graph, x.name, top) } : activate(graph, x, 'relu');
});

const leakyRelu = defineLayer(
  z.object({ negative_slope: z.number() }),
  (x, { negative_slope: slope }, { graph }) => ({
    ...x,
    name: graph.add('LeakyRelu', [x.name], { alpha: { float: slope } }),
  }),
);

const elu = defineLayer(z.object({ alpha: z.number() }), (x, { alpha }, { graph }) => ({
  ...x,
  name: graph.add('Elu', [x.name], { alpha: { float: alpha } }),
}));

/** Its slopes have the shape of the input, with 1 for shared axes. */
const prelu = defineLayer(z.object({}), (x, _, call) => {
  const isImage = x.rank === 4;
  const shape = isImage ? [undefined, undefined, x.channels] : [x.channels];
  const [slope] = takeVariables(call, [shape]);
  const { dims, values } = permute(slope!.values, slope!.shape, isImage ? [2, 0, 1] : [0]);
  return { ...x, name: call.graph.add('PRelu', [x.name, call.graph.weight(dims, values)]) };
});

const softmax = defineLayer(z.object({ axis }), (x, settings, { graph, layer }) => {
  if (!isLastAxis(settings.axis, x.rank)) throw refuse(layer, 'is not over the channels');
  return activate(graph, x, 'softmax');
});

/** Layers that apply a function to each value. */
export const ACTIVATION_LAYERS: Readonly<Record<string, ConvertLayer>> = {
  Activation: defineLayer(z.object({ activation }), (x, settings, { graph }) =>
    activate(graph, x, settings.activation),
  ),
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: elu,
  PReLU: prelu,
  Softmax: softmax,
};
