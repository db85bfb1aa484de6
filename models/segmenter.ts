import type { Detection, Size } from '../domain/result/detection.js';
import {
  createBoxFinder,
  detectorOn,
  type Detector,
  type DetectOptions,
  toFrameDetection,
} from './detector.js';
import type { OutputTensor } from './decode/families/index.js';
import type { Letterbox } from './preprocess/letterbox.js';
import { createMaskDecoder, type Mask } from './decode/masks/mask-decoder.js';
import { detectionOf } from './decode/nms.js';
import { type FramePixels, type ModelOptions, openModel } from './session/running-model.js';

export type { Mask } from './decode/masks/mask-decoder.js';

/** An object and the pixels of the frame that it covers. */
export interface SegmentedDetection extends Detection {
  readonly mask: Mask;
}

/** A detector that can also return masks. */
export interface Segmenter extends Detector {
  /** Detects objects with their masks; takes the frames that {@link Detector.detect} takes. */
  readonly segment: (
    frames: readonly FramePixels[],
    frameSize: Size,
    options: DetectOptions,
  ) => Promise<readonly (readonly SegmentedDetection[])[]>;
}

/**
 * Loads a segmenter, checks it against its manifest and runs it once, so that the first frame does
 * not pay for warming up.
 * @throws AppError `INVALID_INPUT` for a model without masks, else as {@link openModel} does.
 */
export async function openSegmenter(options: ModelOptions): Promise<Segmenter> {
  const masks = createMaskDecoder(options.manifest);
  const finder = createBoxFinder(options.manifest);
  const model = await openModel(options, [...finder.tensors, masks.tensor], finder.check);

  const readWith =
    (frame: Size, detectOptions: DetectOptions) =>
    (outputs: readonly OutputTensor[], letterbox: Letterbox): SegmentedDetection[] => {
      const { candidates, kept } = finder.find(outputs, detectOptions);
      const [rows] = outputs;
      const prototypes = outputs.at(-1)!;
      return Array.from(kept, (index) => {
        const detection = toFrameDetection(detectionOf(candidates, index), letterbox);
        const anchor = candidates.anchors[index]!;
        const at = { bbox: detection.bbox, letterbox, frame };
        return { ...detection, mask: masks.decode(rows!, prototypes, anchor, at) };
      });
    };

  return {
    ...detectorOn(model, finder),
    segment: (frames, frameSize, detectOptions) =>
      model.run(frames, frameSize, readWith(frameSize, detectOptions)),
  };
}
