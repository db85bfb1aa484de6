import { addNumber, type Graph, type Value } from '../graph.js';

type Activate = (graph: Graph, x: string) => string;

/** Activations that are one ONNX operation with the same defaults as in Keras. */
const OPERATIONS = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softsign: 'Softsign',
  exponential: 'Exp',
  hard_swish: 'HardSwish',
  hard_silu: 'HardSwish',
} as const;

const silu: Activate = (graph, x) => graph.add('Mul', [x, graph.add('Sigmoid', [x])]);

/** x * (1 + erf(x / sqrt(2))) / 2 */
const gelu: Activate = (graph, x) => {
  const error = graph.add('Erf', [graph.add('Mul', [x, addNumber(graph, Math.SQRT1_2)])]);
  const half = graph.add('Mul', [x, addNumber(graph, 0.5)]);
  return graph.add('Mul', [half, graph.add('Add', [error, addNumber(graph, 1)])]);
};

const OTHERS = {
  linear: (_, x) => x,
  relu6: (graph, x) => clip(graph, x, 6),
  // Channels, which are last in Keras, are second in the graph.
  softmax: (graph, x) => graph.add('Softmax', [x], { axis: 1 }),
  hard_sigmoid: (graph, x) =>
    graph.add('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  leaky_relu: (graph, x) => graph.add('LeakyRelu', [x], { alpha: { float: 0.2 } }),
  silu,
  swish: silu,
  gelu,
} as const satisfies Readonly<Record<string, Activate>>;

type Operation = keyof typeof OPERATIONS;
type ActivationName = Operation | keyof typeof OTHERS;

/** Names of the activations that are converted. */
export const ACTIVATION_NAMES = [
  ...Object.keys(OPERATIONS),
  ...Object.keys(OTHERS),
] as ActivationName[]; // the keys of both records

/** Adds an activation, by default none. */
export function activate(graph: Graph, x: Value, name: ActivationName | null | undefined): Value {
  if (!name) return x;
  const isOperation = (known: ActivationName): known is Operation => known in OPERATIONS;
  const apply: Activate = isOperation(name)
    ? (_, input) => graph.add(OPERATIONS[name], [input])
    : OTHERS[name];
  return { ...x, name: apply(graph, x.name) };
}

/** Adds a limit: min(max(x, 0), top). */
export function clip(graph: Graph, x: string, top: number): string {
  return graph.add('Clip', [x, addNumber(graph, 0), addNumber(graph, top)]);
}
