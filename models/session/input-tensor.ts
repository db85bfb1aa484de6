import { createArray, encodeNumber, type InputArray } from './element-type.js';
import type { Letterbox } from '../preprocess/letterbox.js';
import { inputDimsOf, type Network } from './network.js';

/** The network's input: one array, made once, that each frame is written into. */
export interface InputTensor {
  /** Values of {@link dims}; the border already holds its value. */
  readonly data: InputArray;
  readonly dims: readonly number[];
  /** Writes a frame of the content's size given as planes G, B, R of 8 bits (ffmpeg's `gbrp`). */
  readonly fillFromPlanes: (planes: Uint8Array, letterbox: Letterbox) => void;
  /** Writes a frame of the content's size given as pixels R, G, B of 8 bits each. */
  readonly fillFromPixels: (pixels: Uint8Array, letterbox: Letterbox) => void;
}

/** Where the network's channels, in their order, are found among the planes. */
const IN_GBR = { bgr: [1, 0, 2], rgb: [2, 0, 1] } as const;
/** Where red, green and blue go among the network's channels. */
const IN_NETWORK = { bgr: [2, 1, 0], rgb: [0, 1, 2] } as const;

/** What is drawn of a frame, in its own and in the network's pixels. */
interface Area {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly width: number;
  readonly height: number;
}

/** A channel in an array: its first value, and how far pixels and rows stand apart. */
interface ChannelAt {
  readonly first: number;
  readonly pixelStep: number;
  readonly rowStep: number;
}

/** Allocates the input of a network, unless it is given, and fills it with the border's value. */
export function createInputTensor(
  { input }: Pick<Network, 'input'>,
  data: InputArray = createArray(input.dtype, 3 * input.width * input.height),
): InputTensor {
  const { width, height, channels, layout, resize } = input;
  const tables = [0, 1, 2].map((channel) => encodedBytes(input, channel));
  const targets = [0, 1, 2].map((channel) => channelAt(layout, channel, width, height));
  const fill = resize.mode === 'letterbox' ? resize.fill : 0;
  const asItIs = tables.every((table) => table.every((value, byte) => value === byte));
  let drawn: Letterbox | undefined;

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
    if (drawn && !sameArea(drawn, next)) clear();
    drawn = next;
    return areaOf(next, width, height);
  }

  clear();
  return {
    data,
    dims: inputDimsOf({ input }),
    fillFromPlanes(planes, next) {
      const area = prepare(planes, next);
      const { width: columns, height: rows } = next.content;
      IN_GBR[channels].forEach((part, channel) => {
        const plane = planes.subarray(part * columns * rows, (part + 1) * columns * rows);
        const target = targets[channel]!;
        if (asItIs && target.pixelStep === 1) copyPlane(data, target, plane, columns, area);
        else drawPlane(data, target, plane, columns, area, tables[channel]!);
      });
    },
    fillFromPixels(pixels, next) {
      const area = prepare(pixels, next);
      const parts = IN_NETWORK[channels];
      drawPixels(
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

/** What each value of 0 to 255 is in a channel of the network. */
function encodedBytes({ dtype, scale, mean, std }: Network['input'], channel: number): InputArray {
  const table = createArray(dtype, 256);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = encodeNumber(dtype, (byte * scale - mean[channel]!) / std[channel]!);
  }
  return table;
}

function channelAt(
  layout: Network['input']['layout'],
  channel: number,
  width: number,
  height: number,
): ChannelAt {
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

/** The part of the content that the input holds. */
function areaOf({ padX, padY, content }: Letterbox, width: number, height: number): Area {
  const [fromX, fromY] = [Math.max(0, -padX), Math.max(0, -padY)];
  const [toX, toY] = [Math.max(0, padX), Math.max(0, padY)];
  return {
    ...{ fromX, fromY, toX, toY },
    width: Math.min(content.width - fromX, width - toX),
    height: Math.min(content.height - fromY, height - toY),
  };
}

/** Writes a plane whose values the network takes as they are. */
function copyPlane(
  data: InputArray,
  { first, rowStep }: ChannelAt,
  plane: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
): void {
  const start = first + toY * rowStep + toX;
  if (width === columns && width === rowStep) {
    data.set(plane.subarray(fromY * columns, (fromY + height) * columns), start);
    return;
  }
  for (let row = 0; row < height; row++) {
    const from = (fromY + row) * columns + fromX;
    data.set(plane.subarray(from, from + width), start + row * rowStep);
  }
}

function drawPlane(
  data: InputArray,
  { first, pixelStep, rowStep }: ChannelAt,
  plane: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
  table: InputArray,
): void {
  for (let row = 0; row < height; row++) {
    let from = (fromY + row) * columns + fromX;
    let to = first + (toY + row) * rowStep + toX * pixelStep;
    for (const end = from + width; from < end; from++, to += pixelStep) {
      data[to] = table[plane[from]!]!;
    }
  }
}

/** Writes pixels in one pass; targets and tables are those of red, green and blue. */
function drawPixels(
  data: InputArray,
  [red, green, blue]: readonly ChannelAt[],
  pixels: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
  [redTable, greenTable, blueTable]: readonly InputArray[],
): void {
  const { first: toRed, pixelStep, rowStep } = red!;
  const toGreen = green!.first - toRed;
  const toBlue = blue!.first - toRed;
  for (let row = 0; row < height; row++) {
    let from = 3 * ((fromY + row) * columns + fromX);
    let to = toRed + (toY + row) * rowStep + toX * pixelStep;
    for (const end = from + 3 * width; from < end; from += 3, to += pixelStep) {
      data[to] = redTable![pixels[from]!]!;
      data[to + toGreen] = greenTable![pixels[from + 1]!]!;
      data[to + toBlue] = blueTable![pixels[from + 2]!]!;
    }
  }
}
