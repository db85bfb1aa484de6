import { z } from 'zod';
import { addIntegers, type Graph, type Value } from '../graph.js';
import { type ConvertLayer, defineLayer, expectImage, refuse } from './define-layer.js';
import { toChannelsFirst, toChannelsLast } from './layout.js';
import { channelsLast, padding, paddingOf, pair, sides } from './settings.js';

const image = { data_format: channelsLast };

/** Keras flattens with the channels last. */
function flatten(graph: Graph, x: Value): Value {
  const name = graph.add('Flatten', [toChannelsLast(graph, x)]);
  return { name, rank: 2, ...(x.rank === 2 && { channels: x.channels }) };
}

const reshape = defineLayer(
  z.object({ target_shape: z.array(z.int().min(-1)) }),
  (x, { target_shape: target }, { graph, layer }) => {
    const rank = target.length + 1;
    if (rank !== 2 && rank !== 4)
      throw refuse(layer, `has the target_shape [${target.join(', ')}]`);
    const last = toChannelsLast(graph, x);
    const name = graph.add('Reshape', [last, addIntegers(graph, [0, ...target])]);
    const channels = target.at(-1)!;
    const known = channels > 0 && { channels };
    return { name: toChannelsFirst(graph, name, rank), rank, ...known };
  },
);

const pad = defineLayer(
  z.object({ ...image, padding: sides }),
  (x, { padding: [[top, bottom], [left, right]] }, call) => {
    expectImage(call, x);
    const { graph } = call;
    const sizes = addIntegers(graph, [0, 0, top, left, 0, 0, bottom, right]);
    return { ...x, name: graph.add('Pad', [x.name, sizes]) };
  },
);

/** End of a slice that includes everything. */
const END = 2 ** 31 - 1;

const crop = defineLayer(
  z.object({ ...image, cropping: sides }),
  (x, { cropping: [[top, bottom], [left, right]] }, call) => {
    expectImage(call, x);
    const { graph } = call;
    const ends = [bottom, right].map((size) => (size > 0 ? -size : END));
    const positions = [[top, left], ends, [2, 3]].map((values) => addIntegers(graph, values));
    return { ...x, name: graph.add('Slice', [x.name, ...positions]) };
  },
);

const definePool = (operation: string) =>
  defineLayer(
    z.object({ ...image, pool_size: pair, strides: pair, padding }),
    (x, { pool_size: size, strides, padding: padded }, call) => {
      expectImage(call, x);
      const attributes = { kernel_shape: size, strides, ...paddingOf(padded, size) };
      return { ...x, name: call.graph.add(operation, [x.name], attributes) };
    },
  );

const defineGlobalPool = (operation: string) =>
  defineLayer(
    z.object({ ...image, keepdims: z.boolean().default(false) }),
    (x, { keepdims }, call) => {
      expectImage(call, x);
      const name = call.graph.add(operation, [x.name]);
      return keepdims ? { ...x, name } : { ...x, name: call.graph.add('Flatten', [name]), rank: 2 };
    },
  );

/** Layers that change the size or shape. */
export const SHAPES: Readonly<Record<string, ConvertLayer>> = {
  Flatten: defineLayer(z.object(image), (x, _, { graph }) => flatten(graph, x)),
  Reshape: reshape,
  ZeroPadding2D: pad,
  Cropping2D: crop,
  MaxPooling2D: definePool('MaxPool'),
  AveragePooling2D: definePool('AveragePool'),
  GlobalMaxPooling2D: defineGlobalPool('GlobalMaxPool'),
  GlobalAveragePooling2D: defineGlobalPool('GlobalAveragePool'),
};
