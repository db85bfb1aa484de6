import type { Bbox, Size } from '../../../domain/result/detection.js';
import { AppError } from '../../../domain/errors.js';
import { masksOf } from '../../../domain/model/model-output.js';
import { expectDims } from '../decode-output.js';
import type { OutputTensor, TensorShape } from '../families/index.js';
import { type Letterbox, toFrame } from '../../preprocess/letterbox.js';
import { notFinite, type Network } from '../../session/network.js';
import { coefficientsReaderOf } from './coefficients.js';
import { type Axis, axisOf, drawAbove, type Span, sumOf } from './upsample.js';

/**
 * The pixels of a frame that an object covers: a window of whole pixels of the frame, which is its
 * box clipped to the frame. A window without extent has no data.
 */
export interface Mask {
  /** Pixels of the frame to the left of and above the window. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A byte for each pixel of the window, row by row: 255 where the object is, else 0. */
  readonly data: Uint8Array;
}

/** Where an object is. */
export interface MaskPlace {
  /** Its box in pixels of the frame. */
  readonly bbox: Bbox;
  readonly letterbox: Letterbox;
  readonly frame: Size;
}

export interface MaskDecoder {
  /** The tensor of prototypes. */
  readonly tensor: TensorShape;
  /** The mask of an anchor's object. */
  readonly decode: (
    rows: OutputTensor,
    prototypes: OutputTensor,
    anchor: number,
    place: MaskPlace,
  ) => Mask;
}

/**
 * The decoder of a network's masks; it keeps its working memory from call to call. It works as
 * Ultralytics' `process_mask_native` (`ultralytics/utils/ops.py`, what `retina_masks=True` gives)
 * does: the prototypes are summed, weighed by the object's coefficients; the sum is resized
 * bilinearly (pixel centres, `align_corners=False`) from the content's part of it to the frame, and
 * a pixel belongs to the object where it is above 0, which is a confidence above 0.5, and where its
 * column and row are at least the box's minimum and less than its maximum. A letterbox's border that
 * is no whole number of prototype pixels is taken off as it is, not to the nearest pixel.
 * @throws AppError `INVALID_INPUT` for a network without masks.
 */
export function createMaskDecoder(network: Network): MaskDecoder {
  const masks = masksOf(network.output);
  if (!masks) throw withoutMasks(network);
  const { input } = network;
  const readCoefficients = coefficientsReaderOf(network);
  const coefficients = new Float32Array(masks.coefficients);
  let sums = new Float64Array(0);
  const tensor = { name: masks.tensor, dims: [1, masks.coefficients, undefined, undefined] };
  return {
    tensor,
    decode(rows, prototypes, anchor, { bbox, letterbox, frame }) {
      expectDims(network, tensor, prototypes.dims);
      const [, , height, width] = prototypes.dims as readonly [number, number, number, number]; // as checked
      const seen = toFrame([0, 0, input.width, input.height], letterbox);
      const columns = windowOf(bbox[0], bbox[2], frame.width, seen[0], seen[2]);
      const lines = windowOf(bbox[1], bbox[3], frame.height, seen[1], seen[3]);
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
        throw notFinite(network);
      return draw(sums, width, across, down, columns, lines);
    },
  };
}

function withoutMasks({ name }: Network): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Model ${name} has no masks: use one that segments, or take its boxes`,
    { model: name },
  );
}

/** Whole pixels c of the frame with min <= c < max, of those that the network has seen. */
function windowOf(min: number, max: number, side: number, seenMin: number, seenMax: number): Span {
  const first = Math.max(0, Math.ceil(min), Math.floor(seenMin));
  const end = Math.min(side, Math.ceil(max), Math.ceil(seenMax));
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
    data: drawAbove(sums, rowLength, across, down),
  };
}
