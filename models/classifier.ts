import type { Size } from '../domain/result/detection.js';
import { createClassReader } from './decode/class-reader.js';
import {
  type FramePixels,
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
  /**
   * Classifies frames of one size: the confidences of each, in order. The frames have been resized
   * to `contentSize(frameSize)`. Rejects if one of them fails.
   */
  readonly classify: (
    frames: readonly FramePixels[],
    frameSize: Size,
  ) => Promise<readonly Float64Array[]>;
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
    classify: (frames, frameSize) => network.run(frames, frameSize, ([output]) => read(output!)),
    close: network.close,
  };
}
