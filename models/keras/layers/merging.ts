import { z } from 'zod';
import { addNumber, type Graph, type Value } from '../graph.js';
import {
  type ConvertLayer,
  type LayerCall,
  readSettings,
  refuse,
  tensorsOf,
} from './define-layer.js';
import { axis } from './settings.js';

/** Combines tensors pairwise. */
const defineMerge =
  (operation: string): ConvertLayer =>
  (call) => {
    const [first, ...others] = expectTensors(call);
    const merge = (x: Value, y: Value) => combine(call.graph, operation, [x, y]);
    return others.reduce(merge, first);
  };

const average: ConvertLayer = (call) => combine(call.graph, 'Mean', expectTensors(call));

function combine(graph: Graph, operation: string, values: readonly Value[]): Value {
  const channels = values.map((value) => value.channels ?? Number.NaN);
  const widest = Math.max(...channels);
  const names = values.map(({ name }) => name);
  const known = !Number.isNaN(widest) && { channels: widest };
  return { name: graph.add(operation, names), rank: values[0]!.rank, ...known };
}

/** Axes of images in the graph, by those in Keras. */
const IMAGE_AXES: Readonly<Record<number, number>> = { 1: 2, 2: 3, 3: 1 };

const concatenate: ConvertLayer = (call) => {
  const values = expectTensors(call);
  const settings = readSettings(z.object({ axis }), call.layer);
  const { rank } = values[0];
  const from = settings.axis < 0 ? settings.axis + rank : settings.axis;
  const to = rank === 4 ? IMAGE_AXES[from] : from;
  if (to === undefined || to < 1 || to >= rank) {
    throw refuse(call.layer, `has axis: ${settings.axis}, which is not supported`);
  }
  const name = call.graph.add(
    'Concat',
    values.map((value) => value.name),
    { axis: to },
  );
  const channels = values.map((value) => value.channels ?? Number.NaN);
  const sum = to === 1 ? channels.reduce((a, b) => a + b) : channels[0]!;
  return { name, rank, ...(!Number.isNaN(sum) && { channels: sum }) };
};

/** Returns the inputs of a layer, which are one or more tensors of one rank. */
function expectTensors(call: LayerCall): readonly [Value, ...Value[]] {
  const [first, ...others] = tensorsOf(call);
  if (!first) throw refuse(call.layer, 'has no input');
  if (others.some(({ rank }) => rank !== first.rank)) {
    throw refuse(call.layer, 'combines an image with values that are not one');
  }
  return [first, ...others];
}

/** An operation such as `x / 127.5` or `x + y`. */
const defineArithmetic =
  (operation: string): ConvertLayer =>
  (call) => {
    const { graph, layer, operands } = call;
    const [tensor] = expectTensors(call);
    if (operands.length !== 2) throw refuse(layer, 'does not have two operands');
    const values = operands.map((operand) =>
      typeof operand === 'number' ? { ...tensor, name: addNumber(graph, operand) } : operand,
    );
    return combine(graph, operation, values);
  };

/** Layers with several inputs. */
export const MERGES: Readonly<Record<string, ConvertLayer>> = {
  Add: defineMerge('Add'),
  Subtract: defineMerge('Sub'),
  Multiply: defineMerge('Mul'),
  Maximum: defineMerge('Max'),
  Minimum: defineMerge('Min'),
  Average: average,
  Concatenate: concatenate,
};

/** Arithmetic of Python on tensors, which is not a layer. */
export const ARITHMETIC: Readonly<Record<string, ConvertLayer>> = {
  Add: defineArithmetic('Add'),
  Subtract: defineArithmetic('Sub'),
  Multiply: defineArithmetic('Mul'),
  Divide: defineArithmetic('Div'),
  TrueDivide: defineArithmetic('Div'),
};
