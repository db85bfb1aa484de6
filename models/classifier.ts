import type { Size } from '../domain/result/detection.js';
import { createClassReader } from './decode/class-reader.js';
import {
  type NetworkOptions,
  openNetwork,
  type RunningNetwork,
} from './session/running-network.js';

export { bestClasses, type ClassConfidence } from './decode/class-reader.js';

/**
 * A loaded network that says what a picture shows as a whole. The confidences are those of all
 * classes in the order of the labels, 0 to 1, and sum to 1. Calls wait for each other; a call's
 * bytes may be reused once it has resolved.
 */
export interface Classifier extends Pick<RunningNetwork, 'contentSize' | 'close'> {
  /** Classifies planes G, B, R of 8 bits and of the content's size; `frame` is the full size. */
  classifyPlanes(planes: Uint8Array, frame: Size): Promise<Float64Array>;
  /** Classifies pixels R, G, B of 8 bits and of the content's size; `frame` is the full size. */
  classifyPixels(pixels: Uint8Array, frame: Size): Promise<Float64Array>;
}

/**
 * Loads a network that classifies, checks it against its manifest, and runs it once so that no
 * frame waits.
 * @throws AppError `INVALID_INPUT` for a network that detects.
 */
export async function openClassifier(options: NetworkOptions): Promise<Classifier> {
  const { tensor, read } = createClassReader(options.manifest);
  const network = await openNetwork(options, [tensor], (outputs) => void read(outputs[0]!));
  return {
    contentSize: network.contentSize,
    classifyPlanes: (planes, frame) =>
      network.runOnPlanes(planes, frame, ([output]) => read(output!)),
    classifyPixels: (pixels, frame) =>
      network.runOnPixels(pixels, frame, ([output]) => read(output!)),
    close: network.close,
  };
}
