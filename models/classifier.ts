import type { Size } from '../domain/result/detection.js';
import { createClassReader } from './decode/class-reader.js';
import {
  type FramePixels,
  type ModelOptions,
  openModel,
  type RunningModel,
} from './session/running-model.js';

export { bestClasses } from './decode/class-reader.js';

/**
 * A loaded model that classifies whole images. Confidences are those of all classes in the order of
 * the labels, 0 to 1, and sum to 1. Calls run one after another; the bytes of a call may be reused
 * once it has resolved.
 */
export interface Classifier extends Pick<RunningModel, 'contentSize' | 'close'> {
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
 * Loads a classifier, checks it against its manifest and runs it once, so that the first frame does
 * not pay for warming up.
 * @throws AppError `INVALID_INPUT` for a model that detects, else as {@link openModel} does.
 */
export async function openClassifier(options: ModelOptions): Promise<Classifier> {
  const { tensor, read } = createClassReader(options.manifest);
  const model = await openModel(options, [tensor], (outputs) => void read(outputs[0]!));
  return {
    contentSize: model.contentSize,
    classify: (frames, frameSize) => model.run(frames, frameSize, ([output]) => read(output!)),
    close: model.close,
  };
}
