import type { ModelInput } from '../../domain/model/model-manifest.js';

/** Typed array of an ONNX Runtime tensor; float16 values are passed as their bits. */
export type InputArray = Float32Array | Uint16Array | Uint8Array;

const ARRAY = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array } as const;

/** Allocates a zero-filled array for an element type. */
export function createArray(dtype: ModelInput['dtype'], length: number): InputArray {
  return new ARRAY[dtype](length);
}

/** Converts a number to what is stored in an array of an element type. */
export function encodeNumber(dtype: ModelInput['dtype'], value: number): number {
  return dtype === 'float16' ? toHalf(value) : value;
}

const HALF = { mantissaBits: 10, bias: 15, largest: 65504, infinity: 0x7c00, quiet: 0x7e00 };
const SMALLEST_NORMAL = 2 ** -14;
const SUBNORMAL_STEP = 2 ** -24;

/**
 * Returns the bits of the nearest half-precision number (IEEE 754 binary16, ties to even).
 * @example toHalf(1) // 0x3c00
 */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return HALF.quiet;
  // From half a step above the largest number on, the nearest value is infinity.
  if (size >= HALF.largest + 16) return sign | HALF.infinity;
  if (size < SMALLEST_NORMAL) return sign | roundToEven(size / SUBNORMAL_STEP);
  const exponent = Math.floor(Math.log2(size));
  const mantissa = roundToEven((size / 2 ** exponent - 1) * 2 ** HALF.mantissaBits);
  // A mantissa that rounds up to 1024 correctly carries into the exponent.
  return sign | (((exponent + HALF.bias) << HALF.mantissaBits) + mantissa);
}

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** Converts the bits of a half-precision number to a number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> HALF.mantissaBits) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * SUBNORMAL_STEP;
  if (exponent === 0x1f) return mantissa ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - HALF.bias) * (1 + mantissa / 1024);
}
