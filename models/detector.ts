import type { Detection, Size } from '../domain/result/detection.js';
import type { Candidates } from './decode/candidates.js';
import { createDecoder, type DecodeOptions } from './decode/decode-output.js';
import type { OutputTensor } from './decode/families/index.js';
import { type Letterbox, toFrame } from './preprocess/letterbox.js';
import { topKIndices, detectionsOf, type NmsOptions, nmsIndices } from './decode/nms.js';
import {
  type FramePixels,
  type NetworkOptions,
  openNetwork,
  type RunningNetwork,
} from './session/running-network.js';

export type DetectOptions = DecodeOptions & NmsOptions;
export type DetectorOptions = NetworkOptions;

/**
 * A loaded network. Detections are in pixels of the frame (floats, not clipped to it) and in
 * falling order of confidence. Calls wait for each other; a call's bytes may be reused once it
 * has resolved.
 */
export interface Detector extends Pick<RunningNetwork, 'batchSize' | 'contentSize' | 'close'> {
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
 * Loads a network that finds boxes, checks it against its manifest, and runs it once so that no
 * frame waits. Of a network that segments it gives the boxes; its masks are not read.
 * @throws AppError `INVALID_INPUT` for a network that classifies.
 */
export async function openDetector(options: DetectorOptions): Promise<Detector> {
  const finder = createFinder(options.manifest);
  const network = await openNetwork(options, finder.tensors, finder.check);
  return detectorOn(network, finder);
}

/** Finds boxes in the outputs of a run. */
export interface Finder {
  readonly tensors: ReturnType<typeof createDecoder>['tensors'];
  /** Looks at every candidate, so that NaN shows. */
  readonly check: (outputs: readonly OutputTensor[]) => void;
  /** What is kept: indices of candidates, valid until the next call. */
  readonly find: (
    outputs: readonly OutputTensor[],
    options: DetectOptions,
  ) => { readonly candidates: Candidates; readonly kept: Uint32Array };
}

/** The decoder and the suppression of a network. */
export function createFinder(manifest: NetworkOptions['manifest']): Finder {
  const { tensors, finished, decode } = createDecoder(manifest);
  const keep = finished ? topKIndices : nmsIndices;
  return {
    tensors,
    check: (outputs) => void decode(outputs, { conf: 0 }),
    find: (outputs, options) => {
      const candidates = decode(outputs, options);
      return { candidates, kept: keep(candidates, options) };
    },
  };
}

/** The detector of a network that is loaded. */
export function detectorOn(network: RunningNetwork, { find }: Finder): Detector {
  const readWith =
    (options: DetectOptions) => (outputs: readonly OutputTensor[], box: Letterbox) => {
      const { candidates, kept } = find(outputs, options);
      return detectionsOf(candidates, kept).map((detection) => inFrame(detection, box));
    };
  return {
    batchSize: network.batchSize,
    contentSize: network.contentSize,
    detect: (frames, frameSize, options) => network.run(frames, frameSize, readWith(options)),
    close: network.close,
  };
}

/** A detection of the network's input, in pixels of the frame. */
export function inFrame(detection: Detection, letterbox: Letterbox): Detection {
  return { ...detection, bbox: toFrame(detection.bbox, letterbox) };
}
