import type { Detection, Size } from '../domain/result/detection.js';
import {
  createFinder,
  detectorOn,
  type Detector,
  type DetectOptions,
  inFrame,
} from './detector.js';
import type { OutputTensor } from './decode/families/index.js';
import type { Letterbox } from './preprocess/letterbox.js';
import { createMaskDecoder, type Mask } from './decode/masks/mask-decoder.js';
import { detectionOf } from './decode/nms.js';
import { type FramePixels, type NetworkOptions, openNetwork } from './session/running-network.js';

export type { Mask } from './decode/masks/mask-decoder.js';

/** An object with the pixels of the frame that it covers. */
export interface SegmentedDetection extends Detection {
  readonly mask: Mask;
}

/** A detector that gives masks as well. */
export interface Segmenter extends Detector {
  /** Detects objects with their masks; takes the frames that {@link Detector.detect} takes. */
  readonly segment: (
    frames: readonly FramePixels[],
    frameSize: Size,
    options: DetectOptions,
  ) => Promise<readonly (readonly SegmentedDetection[])[]>;
}

/**
 * Loads a network that segments, checks it against its manifest, and runs it once so that no frame
 * waits.
 * @throws AppError `INVALID_INPUT` for a network without masks.
 */
export async function openSegmenter(options: NetworkOptions): Promise<Segmenter> {
  const masks = createMaskDecoder(options.manifest);
  const finder = createFinder(options.manifest);
  const network = await openNetwork(options, [...finder.tensors, masks.tensor], finder.check);

  const readWith =
    (frame: Size, detectOptions: DetectOptions) =>
    (outputs: readonly OutputTensor[], letterbox: Letterbox): SegmentedDetection[] => {
      const { candidates, kept } = finder.find(outputs, detectOptions);
      const [rows] = outputs;
      const prototypes = outputs.at(-1)!;
      return Array.from(kept, (index) => {
        const detection = inFrame(detectionOf(candidates, index), letterbox);
        const anchor = candidates.anchors[index]!;
        const at = { bbox: detection.bbox, letterbox, frame };
        return { ...detection, mask: masks.decode(rows!, prototypes, anchor, at) };
      });
    };

  return {
    ...detectorOn(network, finder),
    segment: (frames, frameSize, detectOptions) =>
      network.run(frames, frameSize, readWith(frameSize, detectOptions)),
  };
}
