import type { Bbox, Size } from '../../../domain/result/detection.js';
import { AppError } from '../../../domain/errors.js';
import { masksOf } from '../../../domain/model/model-output.js';
import { expectDims } from '../decode-output.js';
import type { OutputTensor, TensorShape } from '../families/index.js';
import { type Letterbox, toFrameBox } from '../../preprocess/letterbox.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';
import { createCoefficientsReader } from './coefficients.js';
import { type Axis, axisOf, upsampleMask, type Span, sumOf } from './upsample.js';

/**
 * Pixels of a frame that an object covers, in a window of whole pixels: its box clipped to the frame.
 * An empty window has no data.
 */
export interface Mask {
  /** Top-left corner of the window in pixels of the frame. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** One byte per pixel of the window, row by row: 255 inside the object, else 0. */
  readonly data: Uint8Array;
}

/** Location of an object. */
export interface MaskPlace {
  /** Box in pixels of the frame. */
  readonly bbox: Bbox;
  readonly letterbox: Letterbox;
  readonly frame: Size;
}

export interface MaskDecoder {
  /** Shape of the prototypes: 1 x coefficients x rows x columns. */
  readonly tensor: TensorShape;
  /**
   * Decodes the mask of an anchor's object.
   * @throws AppError `MODEL_INVALID` for prototypes of another shape or values that are not finite.
   */
  readonly decode: (
    rows: OutputTensor,
    prototypes: OutputTensor,
    anchor: number,
    place: MaskPlace,
  ) => Mask;
}

/**
 * Creates the decoder of a model's masks, which reuses its working memory. The algorithm is that of
 * Ultralytics' `process_mask_native` (`ultralytics/utils/ops.py`, used by `retina_masks=True`): the
 * prototypes are summed, weighted by the object's coefficients; the content's part of the sum is
 * resized to the frame bilinearly (pixel centres, `align_corners=False`); a pixel belongs to the
 * object if its value is above 0 (a confidence above 0.5) and it is inside the box (minimum
 * inclusive, maximum exclusive). Unlike there, a letterbox border that is not a whole number of
 * prototype pixels is cropped exactly, not rounded.
 * @throws AppError `INVALID_INPUT` for a model without masks.
 */
export function createMaskDecoder(model: InferenceSpec): MaskDecoder {
  const masks = masksOf(model.output);
  if (!masks) throw withoutMasks(model);
  const { input } = model;
  const readCoefficients = createCoefficientsReader(model);
  const coefficients = new Float32Array(masks.coefficients);
  let sums = new Float64Array(0);
  const tensor = { name: masks.tensor, dims: [1, masks.coefficients, undefined, undefined] };
  return {
    tensor,
    decode(rows, prototypes, anchor, { bbox, letterbox, frame }) {
      expectDims(model, tensor, prototypes.dims);
      const [, , height, width] = prototypes.dims as readonly [number, number, number, number]; // as checked
      const visible = toFrameBox([0, 0, input.width, input.height], letterbox);
      const columns = windowOf(bbox[0], bbox[2], frame.width, visible[0], visible[2]);
      const lines = windowOf(bbox[1], bbox[3], frame.height, visible[1], visible[3]);
      if (columns.length === 0 || lines.length === 0) return emptyAt(columns.first, lines.first);
      const { scaleX, scaleY, padX, padY, content } = letterbox;
      const across = axisOf(columns, {
        ...{ scale: scaleX, pad: padX, content: content.width },
        ...{ inputSide: input.width, side: width },
      });
      const down = axisOf(lines, {
        ...{ scale: scaleY, pad: padY, content: content.height },
        ...{ inputSide: input.height, side: height },
      });
      if (sums.length < width * height) sums = new Float64Array(width * height);
      readCoefficients(rows, anchor, coefficients);
      const plane = { width, height };
      if (!sumOf(prototypes.values, coefficients, plane, across.reach, down.reach, sums))
        throw nonFiniteOutput(model);
      return draw(sums, width, across, down, columns, lines);
    },
  };
}

function withoutMasks({ name }: InferenceSpec): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Model ${name} has no masks: use a segmentation model, or request boxes only`,
    { model: name },
  );
}

/** Whole pixels c of the frame with min <= c < max, limited to the part that the input shows. */
function windowOf(
  min: number,
  max: number,
  side: number,
  visibleMin: number,
  visibleMax: number,
): Span {
  const first = Math.max(0, Math.ceil(min), Math.floor(visibleMin));
  const end = Math.min(side, Math.ceil(max), Math.ceil(visibleMax));
  return { first, length: Math.max(0, end - first) };
}

function emptyAt(x: number, y: number): Mask {
  return { x, y, width: 0, height: 0, data: new Uint8Array(0) };
}

function draw(
  sums: Float64Array,
  rowLength: number,
  across: Axis,
  down: Axis,
  columns: Span,
  lines: Span,
): Mask {
  return {
    x: columns.first,
    y: lines.first,
    width: columns.length,
    height: lines.length,
    data: upsampleMask(sums, rowLength, across, down),
  };
}
