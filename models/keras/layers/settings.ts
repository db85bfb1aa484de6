import { z } from 'zod';
import { ACTIVATION_NAMES } from './activation-functions.js';

/** Settings that several layers share. */
const side = z.int().positive();
export const pair = z.tuple([side, side]);
export const sides = z.tuple([
  z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
]);
export const channelsLast = z.literal('channels_last').default('channels_last');
export const activation = z.enum(ACTIVATION_NAMES).nullish();
export const padding = z.enum(['same', 'valid']);
/** An axis, or a list of one. */
export const axis = z.union([
  z.int(),
  z
    .array(z.int())
    .length(1)
    .transform(([only]) => only!),
]);

/** Whether an axis is that of the channels. */
export function isLastAxis(value: number, rank: number): boolean {
  return value === -1 || value === rank - 1;
}

/**
 * Returns padding as attributes of ONNX; for `same`, more is added at the end, as in TensorFlow. With a
 * dilation, strides are 1 in Keras, and ONNX Runtime requires explicit sizes.
 */
export function paddingOf(
  name: z.infer<typeof padding>,
  size: readonly [number, number],
  dilations: readonly [number, number] = [1, 1],
): { readonly auto_pad: string } | { readonly pads: readonly number[] } {
  if (name === 'valid') return { auto_pad: 'VALID' };
  if (dilations.every((dilation) => dilation === 1)) return { auto_pad: 'SAME_UPPER' };
  const total = size.map((length, i) => (length - 1) * dilations[i]!);
  const before = total.map((length) => Math.floor(length / 2));
  return { pads: [...before, ...total.map((length, i) => length - before[i]!)] };
}
