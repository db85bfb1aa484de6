import type { Bbox, Size } from '../../domain/result/detection.js';
import type { ContentSize } from '../../domain/model/content-size.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';

/** Position of a frame in the model's input: resized to `content`, with a border around it. */
export interface Letterbox {
  /** Input pixels per frame pixel. They differ slightly because the content has whole pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Input pixels to the left of and above the content; negative if the content is cropped. */
  readonly padX: number;
  readonly padY: number;
  /** Size of the resized frame in input pixels. */
  readonly content: ContentSize;
}

/** Prevents `width * (input / width)` from losing a pixel to rounding errors when truncated. */
const EPSILON = 1e-6;

const TO_WHOLE = {
  truncate: (pixels: number) => Math.trunc(pixels + EPSILON),
  round: (pixels: number) => Math.round(pixels),
};

/**
 * Computes the position of a frame in the input according to the manifest: letterboxed (the largest
 * content with the frame's aspect ratio that fits), stretched, or cropped at the centre.
 * @example letterboxOf({ width: 768, height: 432 }, yoloxNano.input).content // 416 x 234
 */
export function letterboxOf(
  frame: Size,
  input: Pick<ModelInput, 'resize' | keyof Size>,
): Letterbox {
  const letterbox = placeFrame(frame, input);
  const kernel = 'kernel' in input.resize ? input.resize.kernel : undefined;
  return kernel ? { ...letterbox, content: { ...letterbox.content, kernel } } : letterbox;
}

function placeFrame(frame: Size, input: Pick<ModelInput, 'resize' | keyof Size>): Letterbox {
  const { resize } = input;
  if (resize.mode === 'none') return placeContent(frame, frame, frame, false);
  if (resize.mode === 'stretch') {
    return placeContent(frame, { width: input.width, height: input.height }, input, true);
  }
  const scales = [input.width / frame.width, input.height / frame.height];
  if (resize.mode === 'center-crop') {
    const { shorter_side: shorter } = resize;
    const scale =
      shorter === undefined ? Math.max(...scales) : shorter / Math.min(frame.width, frame.height);
    return crop(frame, scaled(frame, scale, TO_WHOLE.truncate), input);
  }
  const content = scaled(frame, Math.min(...scales), TO_WHOLE[resize.rounding]);
  return placeContent(frame, content, input, resize.anchor === 'center');
}

function scaled(frame: Size, scale: number, whole: (pixels: number) => number): Size {
  const side = (length: number) => Math.max(1, whole(length * scale));
  return { width: side(frame.width), height: side(frame.height) };
}

function placeContent(frame: Size, content: Size, input: Size, centred: boolean): Letterbox {
  return {
    scaleX: content.width / frame.width,
    scaleY: content.height / frame.height,
    padX: centred ? Math.floor((input.width - content.width) / 2) : 0,
    padY: centred ? Math.floor((input.height - content.height) / 2) : 0,
    content,
  };
}

/** Like torchvision's Resize and CenterCrop: half of an odd excess is rounded to even. */
function crop(frame: Size, content: Size, input: Size): Letterbox {
  const cut = (excess: number) => {
    const half = Math.floor(excess / 2);
    return excess % 2 === 1 && half % 2 === 1 ? half + 1 : half;
  };
  return {
    ...placeContent(frame, content, input, false),
    padX: 0 - cut(content.width - input.width),
    padY: 0 - cut(content.height - input.height),
  };
}

/** Converts a box from pixels of the input to pixels of the frame, without clipping it. */
export function toFrameBox([xMin, yMin, xMax, yMax]: Bbox, letterbox: Letterbox): Bbox {
  const { scaleX, scaleY, padX, padY } = letterbox;
  return [
    (xMin - padX) / scaleX,
    (yMin - padY) / scaleY,
    (xMax - padX) / scaleX,
    (yMax - padY) / scaleY,
  ];
}
