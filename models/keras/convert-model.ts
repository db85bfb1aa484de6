import { parseCalls, parseOnlyRef, type TensorRef } from './calls.js';
import { containerOf, describeLayer, type KerasLayer, nameOf } from './config.js';
import { damaged } from './errors.js';
import type { Graph, Value } from './graph.js';
import { findGroups } from './layer-groups.js';
import { conversionOf } from './layers/index.js';
import type { WeightsFile } from './weights.js';

/** The graph that is built, and the weights of the file. */
export interface Conversion {
  readonly graph: Graph;
  readonly weights: Pick<WeightsFile, 'variables' | 'groupsByLayer'>;
}

type Operands = readonly (Value | number)[];

/**
 * Adds a Functional or Sequential model to the graph, with the models in it.
 * @param path the group of its weights; empty for the outermost model.
 * @returns its output.
 */
export function convertModel(
  conversion: Conversion,
  model: KerasLayer,
  input: Value,
  path = '',
): Value {
  return model.class_name === 'Sequential'
    ? convertSequential(conversion, model, input, path)
    : convertFunctional(conversion, model, input, path);
}

/** Names of models of Keras; `Model` is a Functional one in some files. */
const MODELS = new Set(['Functional', 'Model', 'Sequential']);

function isModel({ class_name: name, module }: KerasLayer): boolean {
  return MODELS.has(name) && /^keras(\.|$)/.test(module ?? '');
}

function convertLayer(
  conversion: Conversion,
  layer: KerasLayer,
  operands: Operands,
  path: string,
): Value {
  const { graph, weights } = conversion;
  const [input] = operands;
  if (isModel(layer) && operands.length === 1 && typeof input === 'object') {
    return convertModel(conversion, layer, input, path);
  }
  const variables = () => weights.variables(path);
  return conversionOf(layer)({ graph, layer, operands, variables });
}

function convertSequential(
  conversion: Conversion,
  model: KerasLayer,
  input: Value,
  path: string,
): Value {
  const { layers } = containerOf(model);
  const groups = findGroups(layers, path, conversion.weights);
  return layers.reduce(
    (value, layer) => convertLayer(conversion, layer, [value], groups.get(layer)!),
    input,
  );
}

function convertFunctional(
  conversion: Conversion,
  model: KerasLayer,
  input: Value,
  path: string,
): Value {
  const { layers, input_layers: inputs, output_layers: outputs } = containerOf(model);
  const groups = findGroups(layers, path, conversion.weights);
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  const values = new Map<string, Value | undefined>([
    [keyOf(parseOnlyRef(inputs, 'input')), input],
  ]);
  const valueOf = (ref: TensorRef): Value => {
    const key = keyOf(ref);
    const layer = byName.get(ref.layer);
    if (!values.has(key) && layer) {
      values.set(key, undefined);
      const operands = callOf(layer, ref).map((each) =>
        typeof each === 'number' ? each : valueOf(each),
      );
      values.set(key, convertLayer(conversion, layer, operands, groups.get(layer)!));
    }
    const value = values.get(key);
    if (value) return value;
    throw damaged(`is damaged: the input of a layer is missing or depends on itself (${key})`);
  };
  return valueOf(parseOnlyRef(outputs, 'output'));
}

function keyOf({ layer, call }: TensorRef): string {
  return JSON.stringify([layer, call]);
}

function callOf(layer: KerasLayer, { call }: TensorRef) {
  const operands = parseCalls(layer)[call];
  if (operands) return operands;
  throw damaged(`is damaged: its ${describeLayer(layer)} has no call ${call}`);
}
