import type { Bbox, Size } from '../../domain/result/detection.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';

/** How a frame lies in the network's input: resized to `content`, with a border around it. */
export interface Letterbox {
  /** Network pixels per frame pixel. They differ a little, as the content is in whole pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Whole network pixels to the left of and above the content; negative where it is cut off. */
  readonly padX: number;
  readonly padY: number;
  /** Size of the resized frame in whole network pixels. */
  readonly content: Size;
}

/** Keeps `width * (input / width)` from losing a pixel to floating-point noise when truncated. */
const NOISE = 1e-6;

const WHOLE = {
  truncate: (pixels: number) => Math.trunc(pixels + NOISE),
  round: (pixels: number) => Math.round(pixels),
};

/**
 * Where a frame lies in the input, as the manifest says: in a letterbox (the largest content of the
 * frame's shape that the input holds), stretched, or with two sides cut off.
 * @example letterboxOf({ width: 768, height: 432 }, yoloxNano.input).content // 416 x 234
 */
export function letterboxOf(
  frame: Size,
  input: Pick<ModelInput, 'resize' | keyof Size>,
): Letterbox {
  const { resize } = input;
  if (resize.mode === 'stretch') {
    return lay(frame, { width: input.width, height: input.height }, input, true);
  }
  const scales = [input.width / frame.width, input.height / frame.height];
  if (resize.mode === 'center-crop') {
    const { shorter_side: shorter } = resize;
    const scale =
      shorter === undefined ? Math.max(...scales) : shorter / Math.min(frame.width, frame.height);
    return crop(frame, scaled(frame, scale, WHOLE.truncate), input);
  }
  const content = scaled(frame, Math.min(...scales), WHOLE[resize.rounding]);
  return lay(frame, content, input, resize.anchor === 'center');
}

function scaled(frame: Size, scale: number, whole: (pixels: number) => number): Size {
  const side = (length: number) => Math.max(1, whole(length * scale));
  return { width: side(frame.width), height: side(frame.height) };
}

function lay(frame: Size, content: Size, input: Size, centred: boolean): Letterbox {
  return {
    scaleX: content.width / frame.width,
    scaleY: content.height / frame.height,
    padX: centred ? Math.floor((input.width - content.width) / 2) : 0,
    padY: centred ? Math.floor((input.height - content.height) / 2) : 0,
    content,
  };
}

/** As torchvision's Resize and CenterCrop do it: half of an odd excess is rounded to an even one. */
function crop(frame: Size, content: Size, input: Size): Letterbox {
  const cut = (excess: number) => {
    const half = Math.floor(excess / 2);
    return excess % 2 === 1 && half % 2 === 1 ? half + 1 : half;
  };
  return {
    ...lay(frame, content, input, false),
    padX: 0 - cut(content.width - input.width),
    padY: 0 - cut(content.height - input.height),
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
