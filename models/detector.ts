import type { Detection, Size } from '../domain/result/detection.js';
import type { Candidates } from './decode/candidates.js';
import { createDecoder, type DecodeOptions } from './decode/decode-output.js';
import type { OutputTensor } from './decode/families/index.js';
import { type Letterbox, toFrameBox } from './preprocess/letterbox.js';
import { topKIndices, detectionsOf, type NmsOptions, nmsIndices } from './decode/nms.js';
import {
  type FramePixels,
  type ModelOptions,
  openModel,
  type RunningModel,
} from './session/running-model.js';

export type DetectOptions = DecodeOptions & NmsOptions;
export type DetectorOptions = ModelOptions;

/**
 * A loaded model that detects objects. Boxes are in pixels of the frame (floats, not clipped to it),
 * the most confident first. Calls run one after another; the bytes of a call may be reused once it
 * has resolved.
 */
export interface Detector extends Pick<RunningModel, 'batchSize' | 'contentSize' | 'close'> {
  /**
   * Detects objects in frames of one size: the detections of each frame, in order. The frames have
   * been resized to `contentSize(frameSize)`. Rejects if one of them fails.
   */
  readonly detect: (
    frames: readonly FramePixels[],
    frameSize: Size,
    options: DetectOptions,
  ) => Promise<readonly (readonly Detection[])[]>;
}

/**
 * Loads a detector, checks it against its manifest and runs it once, so that the first frame does not
 * pay for warming up. For a model that segments, only the boxes are read.
 * @throws AppError `INVALID_INPUT` for a classifier, else as {@link openModel} does.
 */
export async function openDetector(options: DetectorOptions): Promise<Detector> {
  const finder = createBoxFinder(options.manifest);
  const model = await openModel(options, finder.tensors, finder.check);
  return detectorOn(model, finder);
}

/** Decodes the outputs of an inference and removes duplicates. */
export interface BoxFinder {
  readonly tensors: ReturnType<typeof createDecoder>['tensors'];
  /** Decodes every candidate, whatever its confidence, so that a value that is not finite throws. */
  readonly check: (outputs: readonly OutputTensor[]) => void;
  /** Candidates and the indices of those that are kept; valid until the next call. */
  readonly find: (
    outputs: readonly OutputTensor[],
    options: DetectOptions,
  ) => { readonly candidates: Candidates; readonly kept: Uint32Array };
}

/** Creates the decoder of a model, followed by NMS if the model needs it. */
export function createBoxFinder(manifest: ModelOptions['manifest']): BoxFinder {
  const { tensors, nmsFree, decode } = createDecoder(manifest);
  const keep = nmsFree ? topKIndices : nmsIndices;
  return {
    tensors,
    check: (outputs) => void decode(outputs, { conf: 0 }),
    find: (outputs, options) => {
      const candidates = decode(outputs, options);
      return { candidates, kept: keep(candidates, options) };
    },
  };
}

/** Wraps a loaded model as a detector. */
export function detectorOn(model: RunningModel, { find }: BoxFinder): Detector {
  const readWith =
    (options: DetectOptions) => (outputs: readonly OutputTensor[], box: Letterbox) => {
      const { candidates, kept } = find(outputs, options);
      return detectionsOf(candidates, kept).map((detection) => toFrameDetection(detection, box));
    };
  return {
    batchSize: model.batchSize,
    contentSize: model.contentSize,
    detect: (frames, frameSize, options) => model.run(frames, frameSize, readWith(options)),
    close: model.close,
  };
}

/** Converts a detection from pixels of the input to pixels of the frame. */
export function toFrameDetection(detection: Detection, letterbox: Letterbox): Detection {
  return { ...detection, bbox: toFrameBox(detection.bbox, letterbox) };
}
