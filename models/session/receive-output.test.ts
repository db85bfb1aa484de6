import { describe, expect, it } from 'vitest';
import { createReceiver } from './receive-output.js';
import { Tensor } from './tensor.js';

const metadata = (shape: readonly (number | string)[]) =>
  ({ isTensor: true, name: 'y', type: 'float32', shape }) as const;
const tensor = (...values: number[]) =>
  new Tensor('float32', Float32Array.from(values), [1, values.length]);

describe('a receiver of outputs of fixed size', () => {
  it('returns what the runtime wrote to its array, and frees the copy', () => {
    const { fetch, receive } = createReceiver(metadata([1, 3]));
    const copy = tensor(1, 2, 3);
    (fetch!.data as Float32Array).set([1, 2, 3]);
    expect(receive(copy)).toEqual({ dims: [1, 3], values: Float32Array.of(1, 2, 3) });
    expect(copy.data.buffer.byteLength).toBe(0);
  });

  it('keeps its array if the runtime returns it', () => {
    const { fetch, receive } = createReceiver(metadata([1, 2]));
    (fetch!.data as Float32Array).set([4, 5]);
    expect(receive(fetch!).values).toEqual(Float32Array.of(4, 5));
  });
});

describe('a receiver of outputs of any size', () => {
  it('keeps an output until the next one', () => {
    const { fetch, receive } = createReceiver(metadata(['rows', 2]));
    expect(fetch).toBeNull();
    const first = receive(tensor(1, 2));
    expect(first).toEqual({ dims: [1, 2], values: Float32Array.of(1, 2) });
    expect(receive(tensor(3, 4, 5)).values).toEqual(Float32Array.of(3, 4, 5));
    expect(first.values).toHaveLength(0);
  });

  it('rejects what is not a tensor', () => {
    const { receive } = createReceiver(metadata(['rows', 2]));
    expect(() => receive(undefined)).toThrow('Expected a tensor as output of the model');
  });
});
