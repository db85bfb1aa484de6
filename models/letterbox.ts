import type { Bbox, Size } from '../domain/detection.js';
import type { ModelManifest } from '../domain/model-manifest.js';

type NetworkInput = ModelManifest['input'];

/** How a frame lies in the network's input: resized to `content`, with a border around it. */
export interface Letterbox {
  /** Network pixels per frame pixel. They differ a little, as the content is in whole pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Whole network pixels to the left of and above the content. */
  readonly padX: number;
  readonly padY: number;
  /** Size of the resized frame in whole network pixels. */
  readonly content: Size;
}

/** Keeps `width * (input / width)` from losing a pixel to floating-point noise when truncated. */
const NOISE = 1e-6;

/** The training code that puts frames top left (YOLOX) truncates, the other (Ultralytics) rounds. */
const WHOLE = {
  'top-left': (pixels: number) => Math.trunc(pixels + NOISE),
  center: (pixels: number) => Math.round(pixels),
};

/**
 * The letterbox of a frame: the largest content of the frame's shape that the input holds.
 * @example letterboxOf({ width: 768, height: 432 }, yoloxNano.input).content // 416 x 234
 */
export function letterboxOf(frame: Size, input: NetworkInput): Letterbox {
  const scale = Math.min(input.width / frame.width, input.height / frame.height);
  const { anchor } = input.letterbox;
  const width = Math.max(1, WHOLE[anchor](frame.width * scale));
  const height = Math.max(1, WHOLE[anchor](frame.height * scale));
  return {
    scaleX: width / frame.width,
    scaleY: height / frame.height,
    padX: anchor === 'center' ? Math.floor((input.width - width) / 2) : 0,
    padY: anchor === 'center' ? Math.floor((input.height - height) / 2) : 0,
    content: { width, height },
  };
}

/** A box of the network's input, in pixels of the frame; not clipped to it. */
export function toFrame([xMin, yMin, xMax, yMax]: Bbox, letterbox: Letterbox): Bbox {
  const { scaleX, scaleY, padX, padY } = letterbox;
  return [
    (xMin - padX) / scaleX,
    (yMin - padY) / scaleY,
    (xMax - padX) / scaleX,
    (yMax - padY) / scaleY,
  ];
}
