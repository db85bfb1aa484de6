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
import { type NetworkOptions, openNetwork } from './session/running-network.js';

export type { Mask } from './decode/masks/mask-decoder.js';

/** An object with the pixels of the frame that it covers. */
export interface SegmentedDetection extends Detection {
  readonly mask: Mask;
}

/** A detector that gives masks as well. */
export interface Segmenter extends Detector {
  /** Segments planes G, B, R of 8 bits and of the content's size; `frame` is the full size. */
  segmentPlanes(
    planes: Uint8Array,
    frame: Size,
    options: DetectOptions,
  ): Promise<readonly SegmentedDetection[]>;
  /** Segments pixels R, G, B of 8 bits and of the content's size; `frame` is the full size. */
  segmentPixels(
    pixels: Uint8Array,
    frame: Size,
    options: DetectOptions,
  ): Promise<readonly SegmentedDetection[]>;
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
    segmentPlanes: (planes, frame, detectOptions) =>
      network.runOnPlanes(planes, frame, readWith(frame, detectOptions)),
    segmentPixels: (pixels, frame, detectOptions) =>
      network.runOnPixels(pixels, frame, readWith(frame, detectOptions)),
  };
}
