import type { InferenceSession, OnnxValue } from 'onnxruntime-node';
import { fromHalf } from './element-type.js';
import type { OutputTensor } from '../decode/families/index.js';
import { Tensor } from './tensor.js';

/** Receives an output of ONNX Runtime as 32-bit floats. */
export interface OutputReceiver {
  readonly name: string;
  /** Preallocated tensor that the runtime writes to; `null` lets the runtime allocate one. */
  readonly fetch: Tensor | null;
  readonly receive: (value: OnnxValue | undefined) => OutputTensor;
}

const READABLE = ['float32', 'float16', 'float64', 'int64', 'int32', 'uint8'];

/** Whether outputs of an element type can be read. */
export function isReadable(type: string): boolean {
  return READABLE.includes(type);
}

/**
 * Creates a receiver; a float32 output of fixed size reuses one array for every inference. What
 * onnxruntime-node allocates is freed at once, or for the next inference if it is returned: a
 * megabyte of garbage for each frame makes V8 mark the whole heap several times per second.
 */
export function createReceiver(metadata: InferenceSession.ValueMetadata): OutputReceiver {
  const { name } = metadata;
  const dims = metadata.isTensor ? metadata.shape : [];
  if (metadata.isTensor && metadata.type === 'float32' && dims.every(isNumber)) {
    const values = new Float32Array(dims.reduce((size, dim) => size * dim, 1));
    const fetch = new Tensor('float32', values, dims);
    const output = { dims, values };
    return {
      name,
      fetch,
      // The runtime has written to `values`, and onnxruntime-node returns a copy of them.
      receive: (value) => {
        if (value instanceof Tensor && value.data !== values) free(value.data);
        return output;
      },
    };
  }
  let last: Tensor['data'] | undefined;
  return {
    name,
    fetch: null,
    receive: (value) => {
      if (!(value instanceof Tensor))
        throw new TypeError('Expected a tensor as output of the model');
      if (last) free(last);
      last = value.data;
      return toFloats(value);
    },
  };
}

/** Frees the memory of an array, which is empty from then on. */
function free(data: Tensor['data']): void {
  if (ArrayBuffer.isView(data) && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
}

function isNumber(dim: number | string): dim is number {
  return typeof dim === 'number';
}

function toFloats({ data, dims, type }: Tensor): OutputTensor {
  if (data instanceof Float32Array) return { dims, values: data };
  if (type === 'float16' && data instanceof Uint16Array) {
    return { dims, values: Float32Array.from(data, (bits) => halfTable()[bits]!) };
  }
  return { dims, values: Float32Array.from(data as ArrayLike<number>, Number) }; // a readable type
}

let table: Float32Array | undefined;

/** Lookup table of all 2^16 half-precision numbers, created on first use. */
function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromHalf(bits));
  return table;
}
