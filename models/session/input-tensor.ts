import { createArray, encodeNumber, type InputArray } from './element-type.js';
import type { Letterbox } from '../preprocess/letterbox.js';
import { inputDimsOf, type InferenceSpec } from './inference-spec.js';
import {
  type Area,
  type ChannelLayout,
  copyPlane,
  writePixels,
  writePlane,
} from './write-frame.js';

/** A model's input: one array that every frame is written to. */
export interface InputTensor {
  /** Values in the shape {@link dims}; the letterbox border is already filled. */
  readonly data: InputArray;
  readonly dims: readonly number[];
  /** Writes a frame of the content's size from 8-bit planes G, B, R (ffmpeg's `gbrp`). */
  readonly fillFromPlanes: (planes: Uint8Array, letterbox: Letterbox) => void;
  /** Writes a frame of the content's size from interleaved 8-bit R, G, B. */
  readonly fillFromPixels: (pixels: Uint8Array, letterbox: Letterbox) => void;
}

/** Index of the plane of each input channel. */
const PLANE_INDEX = { bgr: [1, 0, 2], rgb: [2, 0, 1] } as const;
/** Index of the input channel of red, green and blue. */
const CHANNEL_INDEX = { bgr: [2, 1, 0], rgb: [0, 1, 2] } as const;

/** Creates a model's input, in `data` if it is passed, and fills it with the border's value. */
export function createInputTensor(
  { input }: Pick<InferenceSpec, 'input'>,
  data: InputArray = createArray(input.dtype, 3 * input.width * input.height),
): InputTensor {
  const { width, height, channels, layout, resize } = input;
  const tables = [0, 1, 2].map((channel) => createLookupTable(input, channel));
  const targets = [0, 1, 2].map((channel) => channelLayout(layout, channel, width, height));
  const fill = resize.mode === 'letterbox' ? resize.fill : 0;
  const isIdentity = tables.every((table) => table.every((value, byte) => value === byte));
  let lastLetterbox: Letterbox | undefined;

  function clear(): void {
    targets.forEach(({ first, pixelStep, rowStep }, channel) => {
      const value = tables[channel]![fill]!;
      for (let to = first; to < first + height * rowStep; to += pixelStep) data[to] = value;
    });
  }

  function prepare(source: Uint8Array, next: Letterbox): Area {
    const { width: w, height: h } = next.content;
    const expected = 3 * w * h;
    if (source.length !== expected) {
      throw new RangeError(
        `Expected ${expected} bytes for a frame of ${w}x${h}, received ${source.length}`,
      );
    }
    if (lastLetterbox && !sameArea(lastLetterbox, next)) clear();
    lastLetterbox = next;
    return areaOf(next, width, height);
  }

  clear();
  return {
    data,
    dims: inputDimsOf({ input }),
    fillFromPlanes(planes, next) {
      const area = prepare(planes, next);
      const { width: columns, height: rows } = next.content;
      PLANE_INDEX[channels].forEach((part, channel) => {
        const plane = planes.subarray(part * columns * rows, (part + 1) * columns * rows);
        const target = targets[channel]!;
        if (isIdentity && target.pixelStep === 1) copyPlane(data, target, plane, columns, area);
        else writePlane(data, target, plane, columns, area, tables[channel]!);
      });
    },
    fillFromPixels(pixels, next) {
      const area = prepare(pixels, next);
      const parts = CHANNEL_INDEX[channels];
      writePixels(
        data,
        parts.map((channel) => targets[channel]!),
        pixels,
        next.content.width,
        area,
        parts.map((channel) => tables[channel]!),
      );
    },
  };
}

/** Lookup table: the input value of each byte (0 to 255) in a channel. */
function createLookupTable(
  { dtype, scale, mean, std }: InferenceSpec['input'],
  channel: number,
): InputArray {
  const table = createArray(dtype, 256);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = encodeNumber(dtype, (byte * scale - mean[channel]!) / std[channel]!);
  }
  return table;
}

function channelLayout(
  layout: InferenceSpec['input']['layout'],
  channel: number,
  width: number,
  height: number,
): ChannelLayout {
  return layout === 'nhwc'
    ? { first: channel, pixelStep: 3, rowStep: 3 * width }
    : { first: channel * width * height, pixelStep: 1, rowStep: width };
}

function sameArea(a: Letterbox, b: Letterbox): boolean {
  return (
    a.padX === b.padX &&
    a.padY === b.padY &&
    a.content.width === b.content.width &&
    a.content.height === b.content.height
  );
}

/** Intersection of the content and the input. */
function areaOf({ padX, padY, content }: Letterbox, width: number, height: number): Area {
  const [fromX, fromY] = [Math.max(0, -padX), Math.max(0, -padY)];
  const [toX, toY] = [Math.max(0, padX), Math.max(0, padY)];
  return {
    ...{ fromX, fromY, toX, toY },
    width: Math.min(content.width - fromX, width - toX),
    height: Math.min(content.height - fromY, height - toY),
  };
}
