import { z } from 'zod';
import type { Graph, Value } from '../graph.js';
import type { Variable } from '../weights.js';
import { activate } from './activation-functions.js';
import {
  type ConvertLayer,
  defineLayer,
  expectImage,
  type LayerCall,
  refuse,
  takeVariables,
} from './define-layer.js';
import { permute } from './permute.js';
import { activation, channelsLast, padding, paddingOf, pair } from './settings.js';

const count = z.int().positive();
const shared = {
  kernel_size: pair,
  strides: pair,
  dilation_rate: pair,
  padding,
  data_format: channelsLast,
  activation,
  use_bias: z.boolean(),
};

type Shared = z.infer<z.ZodObject<typeof shared>>;

/** Kernels of Keras are [height, width, inputs, outputs], those of ONNX [outputs, inputs, height, width]. */
const KERNEL = [3, 2, 0, 1];

const conv2d = defineLayer(
  z.object({ ...shared, filters: count, groups: count.default(1) }),
  (x, settings, call) => {
    const { filters, groups, kernel_size: size, use_bias: hasBias } = settings;
    expectImage(call, x);
    const inputs = x.channels === undefined ? undefined : x.channels / groups;
    const shapes = [[...size, inputs, filters], ...(hasBias ? [[filters]] : [])];
    const [kernel, bias] = takeVariables(call, shapes);
    const { dims, values } = permute(kernel!.values, kernel!.shape, KERNEL);
    const weight = call.graph.weight(dims, values);
    const name = addConv(call.graph, [x.name, weight], bias, settings, groups);
    return activate(call.graph, { name, rank: 4, channels: filters }, settings.activation);
  },
);

const depthwise = defineLayer(
  z.object({ ...shared, depth_multiplier: count }),
  (x, settings, call) => {
    const { depth_multiplier: multiplier, use_bias: hasBias } = settings;
    const outputs = expectChannels(call, x) * multiplier;
    const shapes = [depthwiseShape(x, settings), ...(hasBias ? [[outputs]] : [])];
    const [kernel, bias] = takeVariables(call, shapes);
    const name = addDepthwise(call.graph, x, kernel!, bias, settings);
    return activate(call.graph, { name, rank: 4, channels: outputs }, settings.activation);
  },
);

const separable = defineLayer(
  z.object({ ...shared, depth_multiplier: count, filters: count }),
  (x, settings, call) => {
    const { graph } = call;
    const { filters, depth_multiplier: multiplier, use_bias: hasBias } = settings;
    const middle = expectChannels(call, x) * multiplier;
    const shapes = [depthwiseShape(x, settings), [1, 1, middle, filters]];
    const [first, second, bias] = takeVariables(call, [...shapes, ...(hasBias ? [[filters]] : [])]);
    const between = addDepthwise(graph, x, first!, undefined, settings);
    const { dims, values } = permute(second!.values, second!.shape, KERNEL);
    const name = addPointwise(graph, [between, graph.weight(dims, values)], bias);
    return activate(graph, { name, rank: 4, channels: filters }, settings.activation);
  },
);

const dense = defineLayer(
  z.object({ units: count, use_bias: z.boolean(), activation }),
  (x, { units, use_bias: hasBias, activation: named }, call) => {
    const { graph } = call;
    const shapes = [[x.channels, units], ...(hasBias ? [[units]] : [])];
    const [kernel, bias] = takeVariables(call, shapes);
    const name =
      x.rank === 2 ? addGemm(graph, x, kernel!, bias) : addDense(graph, x, kernel!, bias);
    return activate(graph, { ...x, name, channels: units }, named);
  },
);

function addGemm(graph: Graph, x: Value, kernel: Variable, bias: Variable | undefined): string {
  return graph.add('Gemm', [
    x.name,
    graph.weight(kernel.shape, kernel.values),
    ...addBias(graph, bias),
  ]);
}

/** Dense layers of images are convolutions of single pixels. */
function addDense(graph: Graph, x: Value, kernel: Variable, bias: Variable | undefined): string {
  const { dims, values } = permute(kernel.values, kernel.shape, [1, 0]);
  return addPointwise(graph, [x.name, graph.weight([...dims, 1, 1], values)], bias);
}

function addPointwise(graph: Graph, inputs: readonly string[], bias: Variable | undefined): string {
  return graph.add('Conv', [...inputs, ...addBias(graph, bias)], { kernel_shape: [1, 1] });
}

function addDepthwise(
  graph: Graph,
  x: Value,
  kernel: Variable,
  bias: Variable | undefined,
  settings: Shared,
): string {
  const [, , inputs, multiplier] = kernel.shape as [number, number, number, number]; // it was checked
  const { values } = permute(kernel.values, kernel.shape, [2, 3, 0, 1]);
  const weight = graph.weight([inputs * multiplier, 1, ...settings.kernel_size], values);
  return addConv(graph, [x.name, weight], bias, settings, inputs);
}

function addConv(
  graph: Graph,
  inputs: readonly string[],
  bias: Variable | undefined,
  { kernel_size: size, strides, dilation_rate: dilations, padding: padded }: Shared,
  group: number,
): string {
  const pads = paddingOf(padded, size, dilations);
  const attributes = { kernel_shape: size, strides, dilations, group, ...pads };
  return graph.add('Conv', [...inputs, ...addBias(graph, bias)], attributes);
}

function addBias(graph: Graph, bias: Variable | undefined): readonly string[] {
  return bias ? [graph.weight(bias.shape, bias.values)] : [];
}

function depthwiseShape({ channels }: Value, settings: Shared & { depth_multiplier: number }) {
  return [...settings.kernel_size, channels, settings.depth_multiplier];
}

function expectChannels(call: LayerCall, x: Value): number {
  expectImage(call, x);
  if (x.channels !== undefined) return x.channels;
  throw refuse(call.layer, 'has an input with an unknown number of channels');
}

/** Layers with kernels. */
export const CONVOLUTIONS: Readonly<Record<string, ConvertLayer>> = {
  Conv2D: conv2d,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Dense: dense,
};
