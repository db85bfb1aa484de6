import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Size } from '../domain/detection.js';
import { createInputTensor } from './input-tensor.js';
import { letterboxOf } from './letterbox.js';
import type { Network } from './network.js';

interface Reference {
  readonly frame: Size;
  readonly channels: 'rgb' | 'bgr';
  readonly scale: number;
  readonly anchor: 'top-left' | 'center';
  readonly rgb: readonly number[];
  readonly tensor: readonly number[];
}

/** Known answers by OpenCV; how they were made stands beside them. */
const references = JSON.parse(
  readFileSync(new URL('../test/fixtures/models/letterbox.json', import.meta.url), 'utf8'),
) as readonly Reference[]; // of the shape that make-references.py writes

const networkOf = ({ channels, scale, anchor }: Reference): Network => ({
  name: 'eight',
  family: 'yolox',
  labels: ['thing'],
  input: { width: 8, height: 8, channels, scale, letterbox: { anchor, fill: 114 } },
});

const named = references.map((reference) => {
  const { frame, anchor, channels } = reference;
  return [`${frame.width}x${frame.height} ${anchor} ${channels}`, reference] as const;
});

describe('createInputTensor', () => {
  it.each(named)('writes pixels of %s as OpenCV does', (_, reference) => {
    const network = networkOf(reference);
    const input = createInputTensor(network);
    input.fillFromPixels(
      Uint8Array.from(reference.rgb),
      letterboxOf(reference.frame, network.input),
    );
    expectClose(input.data, reference.tensor);
  });

  it.each(named)('writes planes of %s as OpenCV does', (_, reference) => {
    const network = networkOf(reference);
    const input = createInputTensor(network);
    input.fillFromPlanes(planesOf(reference.rgb), letterboxOf(reference.frame, network.input));
    expectClose(input.data, reference.tensor);
  });

  it('restores the border when a frame of another shape follows', () => {
    const [wide, tall] = references;
    const network = networkOf(tall!);
    const input = createInputTensor(network);
    input.fillFromPixels(Uint8Array.from(wide!.rgb), letterboxOf(wide!.frame, network.input));
    input.fillFromPixels(Uint8Array.from(tall!.rgb), letterboxOf(tall!.frame, network.input));
    expectClose(input.data, tall!.tensor);
  });

  it('refuses a frame that is not of the size of the content', () => {
    const network = networkOf(references[0]!);
    const input = createInputTensor(network);
    const letterbox = letterboxOf({ width: 8, height: 5 }, network.input);
    expect(() => input.fillFromPixels(new Uint8Array(119), letterbox)).toThrow(
      'Expected 120 bytes for a frame of 8x5, received 119',
    );
    expect(() => input.fillFromPlanes(new Uint8Array(121), letterbox)).toThrow('received 121');
  });
});

function planesOf(rgb: readonly number[]): Uint8Array {
  const channel = (offset: number) => rgb.filter((_, i) => i % 3 === offset);
  return Uint8Array.from([...channel(1), ...channel(2), ...channel(0)]);
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));
}
