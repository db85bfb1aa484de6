import type { InferenceSession, OnnxValue } from 'onnxruntime-node';
import { fromHalf } from './element-type.js';
import type { OutputTensor } from '../decode/families/index.js';
import { Tensor } from './tensor.js';

/** Takes an output from the runtime, as floats whatever its type. */
export interface Receiver {
  readonly name: string;
  /** Where the runtime writes the output; `null` lets it allocate one of the size that came out. */
  readonly fetch: Tensor | null;
  readonly receive: (value: OnnxValue | undefined) => OutputTensor;
}

const READABLE = ['float32', 'float16', 'float64', 'int64', 'int32', 'uint8'];

/** Whether outputs of a type can be read. */
export function isReadable(type: string): boolean {
  return READABLE.includes(type);
}

/** An output of floats whose size the file tells is written into one array on every run. */
export function createReceiver(metadata: InferenceSession.ValueMetadata): Receiver {
  const { name } = metadata;
  const dims = metadata.isTensor ? metadata.shape : [];
  if (metadata.isTensor && metadata.type === 'float32' && dims.every(isNumber)) {
    const values = new Float32Array(dims.reduce((size, dim) => size * dim, 1));
    const fetch = new Tensor('float32', values, dims);
    const output = { dims, values };
    return { name, fetch, receive: () => output };
  }
  return { name, fetch: null, receive: (value) => toFloats(value) };
}

function isNumber(dim: number | string): dim is number {
  return typeof dim === 'number';
}

function toFloats(value: OnnxValue | undefined): OutputTensor {
  if (!(value instanceof Tensor)) throw new TypeError('Expected a tensor from the network');
  const { data, dims, type } = value;
  if (data instanceof Float32Array) return { dims, values: data };
  if (type === 'float16' && data instanceof Uint16Array) {
    return { dims, values: Float32Array.from(data, (bits) => halves()[bits]!) };
  }
  return { dims, values: Float32Array.from(data as ArrayLike<number>, Number) }; // of a readable type
}

let table: Float32Array | undefined;

/** The number of each pattern of 16 bits, made when the first output of halves comes. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromHalf(bits));
  return table;
}
