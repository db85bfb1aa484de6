import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Size } from '../../domain/result/detection.js';
import { createInputTensor } from './input-tensor.js';
import { letterboxOf } from '../preprocess/letterbox.js';
import { toHalf } from './element-type.js';
import type { InferenceSpec } from './inference-spec.js';
import { YOLOX_NANO } from '../catalogue.js';

interface Reference {
  readonly frame: Size;
  readonly channels: 'rgb' | 'bgr';
  readonly scale: number;
  readonly anchor: 'top-left' | 'center';
  readonly rgb: readonly number[];
  readonly tensor: readonly number[];
}

/** Known answers by OpenCV; see the scripts in the same folder. */
const references = JSON.parse(
  readFileSync(new URL('../../test/fixtures/models/letterbox.json', import.meta.url), 'utf8'),
) as readonly Reference[]; // of the shape that make-references.py writes

type Input = InferenceSpec['input'];

const modelOf = ({ channels, scale, anchor }: Reference): { input: Input } => ({
  input: {
    ...YOLOX_NANO.input,
    ...{ width: 8, height: 8, channels, scale },
    resize: { mode: 'letterbox', anchor, fill: 114, rounding: 'round' },
  },
});

const named = references.map((reference) => {
  const { frame, anchor, channels } = reference;
  return [`${frame.width}x${frame.height} ${anchor} ${channels}`, reference] as const;
});

describe('createInputTensor', () => {
  it.each(named)('writes pixels of %s like OpenCV', (_, reference) => {
    const model = modelOf(reference);
    const input = createInputTensor(model);
    input.fillFromPixels(Uint8Array.from(reference.rgb), letterboxOf(reference.frame, model.input));
    expectClose(input.data, reference.tensor);
  });

  it.each(named)('writes planes of %s like OpenCV', (_, reference) => {
    const model = modelOf(reference);
    const input = createInputTensor(model);
    input.fillFromPlanes(planesOf(reference.rgb), letterboxOf(reference.frame, model.input));
    expectClose(input.data, reference.tensor);
  });

  it('writes an unbatched image like a batched one', () => {
    const [reference] = references;
    const model = modelOf(reference!);
    const batch = createInputTensor(model);
    const single = createInputTensor({ input: { ...model.input, layout: 'chw' } });
    expect([batch.dims, single.dims]).toEqual([
      [1, 3, 8, 8],
      [3, 8, 8],
    ]);
    const box = letterboxOf(reference!.frame, model.input);
    for (const { fillFromPixels } of [batch, single])
      fillFromPixels(Uint8Array.from(reference!.rgb), box);
    expect(single.data).toEqual(batch.data);
  });

  it('restores the border when a frame of another shape follows', () => {
    const [wide, tall] = references;
    const model = modelOf(tall!);
    const input = createInputTensor(model);
    input.fillFromPixels(Uint8Array.from(wide!.rgb), letterboxOf(wide!.frame, model.input));
    input.fillFromPixels(Uint8Array.from(tall!.rgb), letterboxOf(tall!.frame, model.input));
    expectClose(input.data, tall!.tensor);
  });

  it('rejects a frame that does not have the size of the content', () => {
    const model = modelOf(references[0]!);
    const input = createInputTensor(model);
    const letterbox = letterboxOf({ width: 8, height: 5 }, model.input);
    expect(() => input.fillFromPixels(new Uint8Array(119), letterbox)).toThrow(
      'Expected 120 bytes for a frame of 8x5, received 119',
    );
    expect(() => input.fillFromPlanes(new Uint8Array(121), letterbox)).toThrow('received 121');
  });
});

describe('createInputTensor with other element types and layouts', () => {
  const base = modelOf(references[0]!).input;
  /** Two rows of three pixels: 1 2 3, 4 5 6, ... */
  const pixels = Uint8Array.from({ length: 18 }, (_, i) => i + 1);
  const small = { ...base, channels: 'rgb', width: 3, height: 2 } as const;
  const stretch = { mode: 'stretch' } as const;
  const both = (input: Input, frame: Size) => {
    const letterbox = letterboxOf(frame, input);
    const [one, two] = [createInputTensor({ input }), createInputTensor({ input })];
    one.fillFromPixels(pixels, letterbox);
    two.fillFromPlanes(planesOf([...pixels]), letterbox);
    expect(two.data).toEqual(one.data);
    return one;
  };

  it('copies pixels unchanged to an NHWC byte input', () => {
    const input: Input = { ...small, layout: 'nhwc', dtype: 'uint8', resize: stretch };
    const { data, dims } = both(input, { width: 30, height: 20 });
    expect(dims).toEqual([1, 2, 3, 3]);
    expect(data).toEqual(pixels);
  });

  it('subtracts the mean and divides by the standard deviation per channel', () => {
    const input: Input = { ...small, resize: stretch, scale: 2, mean: [1, 2, 3], std: [1, 2, 4] };
    const { data } = both(input, { width: 3, height: 2 });
    expect([...data.subarray(0, 2)]).toEqual([1, 7]);
    expect([...data.subarray(6, 8)]).toEqual([1, 4]);
    expect([...data.subarray(12, 14)]).toEqual([0.75, 2.25]);
  });

  it('writes float16 values as bits', () => {
    const input: Input = { ...small, dtype: 'float16', resize: stretch, scale: 1 / 255 };
    const { data } = both(input, { width: 3, height: 2 });
    expect(data).toBeInstanceOf(Uint16Array);
    expect(data[0]).toBe(toHalf(1 / 255));
  });

  it('crops content that exceeds the input', () => {
    const input: Input = { ...small, width: 1, resize: { mode: 'center-crop' }, layout: 'nhwc' };
    const { data } = both(input, { width: 3, height: 2 });
    expect([...data]).toEqual([4, 5, 6, 13, 14, 15]);
  });
});

function planesOf(rgb: readonly number[]): Uint8Array {
  const channel = (offset: number) => rgb.filter((_, i) => i % 3 === offset);
  return Uint8Array.from([...channel(1), ...channel(2), ...channel(0)]);
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));
}
