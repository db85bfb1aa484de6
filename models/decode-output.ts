import type { Detection } from '../domain/detection.js';
import { AppError } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model-manifest.js';
import { createYolov8Decoder, yolov8Dims } from './decode-yolov8.js';
import { createYoloxDecoder, yoloxDims } from './decode-yolox.js';
import type { Network } from './network.js';

export interface DecodeOptions {
  /** Lowest confidence of a candidate, 0 to 1, itself included. */
  readonly conf: number;
}

/** Turns an output into candidates, one class per anchor, in pixels of the network's input. */
export type Decoder = (
  output: Float32Array,
  dims: readonly number[],
  options: DecodeOptions,
) => Detection[];

/** Knows the output of one family of networks. */
interface Family {
  readonly outputDims: (network: Network) => readonly number[];
  readonly createDecoder: (network: Network) => (output: Float32Array, conf: number) => Detection[];
}

const FAMILY: Readonly<Record<ModelManifest['family'], Family>> = {
  yolox: { outputDims: yoloxDims, createDecoder: createYoloxDecoder },
  yolov8: { outputDims: yolov8Dims, createDecoder: createYolov8Decoder },
};

/** The shape of the output that a network of this manifest has. */
export function outputDimsOf(network: Network): readonly number[] {
  return FAMILY[network.family].outputDims(network);
}

/**
 * The decoder of a network's outputs; it keeps its working memory from call to call.
 * @throws AppError `MODEL_INVALID` for an output of another shape or one that is not finite.
 */
export function createDecoder(network: Network): Decoder {
  const expected = outputDimsOf(network);
  const decode = FAMILY[network.family].createDecoder(network);
  return (output, dims, { conf }) => {
    if (dims.length !== expected.length || dims.some((dim, i) => dim !== expected[i])) {
      throw new AppError(
        'MODEL_INVALID',
        `Model ${network.name}: expected an output of [${expected.join(', ')}], received [${dims.join(', ')}]`,
        { model: network.name },
      );
    }
    return decode(output, conf);
  };
}
