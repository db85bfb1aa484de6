import type { Letterbox } from './letterbox.js';
import { inputDimsOf, type Network } from './network.js';

/** The network's input: one array, made once, that each frame is written into. */
export interface InputTensor {
  /** Planar float32 of {@link dims}; the border already holds its value. */
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** Writes a frame of the content's size given as planes G, B, R of 8 bits (ffmpeg's `gbrp`). */
  fillFromPlanes(planes: Uint8Array, letterbox: Letterbox): void;
  /** Writes a frame of the content's size given as pixels R, G, B of 8 bits each. */
  fillFromPixels(pixels: Uint8Array, letterbox: Letterbox): void;
}

/** Where the network's channels, in their order, are found among the planes. */
const IN_GBR_PLANES = { bgr: [1, 0, 2], rgb: [2, 0, 1] } as const;
/** Where red, green and blue go among the network's channels. */
const IN_NETWORK = { bgr: [2, 1, 0], rgb: [0, 1, 2] } as const;

/** Allocates the input of a network and fills it with the border's value. */
export function createInputTensor(network: Network): InputTensor {
  const { width, height, channels, scale, letterbox } = network.input;
  const data = new Float32Array(3 * width * height).fill(letterbox.fill * scale);
  let drawn: Letterbox | undefined;

  function prepare(source: Uint8Array, next: Letterbox): void {
    const expected = 3 * next.content.width * next.content.height;
    if (source.length !== expected) {
      const { width: w, height: h } = next.content;
      throw new RangeError(
        `Expected ${expected} bytes for a frame of ${w}x${h}, received ${source.length}`,
      );
    }
    if (drawn && !sameArea(drawn, next)) data.fill(letterbox.fill * scale);
    drawn = next;
  }

  return {
    data,
    dims: inputDimsOf(network),
    fillFromPlanes(planes, next) {
      prepare(planes, next);
      const area = next.content.width * next.content.height;
      IN_GBR_PLANES[channels].forEach((plane, channel) => {
        const source = planes.subarray(plane * area, (plane + 1) * area);
        drawPlane(data, channel * width * height, width, source, next, scale);
      });
    },
    fillFromPixels(pixels, next) {
      prepare(pixels, next);
      drawPixels(data, network.input, pixels, next);
    },
  };
}

function sameArea(a: Letterbox, b: Letterbox): boolean {
  return (
    a.padX === b.padX &&
    a.padY === b.padY &&
    a.content.width === b.content.width &&
    a.content.height === b.content.height
  );
}

function drawPlane(
  data: Float32Array,
  start: number,
  rowLength: number,
  plane: Uint8Array,
  { padX, padY, content }: Letterbox,
  scale: number,
): void {
  const first = start + padY * rowLength + padX;
  if (scale === 1 && content.width === rowLength) {
    data.set(plane, first);
    return;
  }
  for (let row = 0, from = 0; row < content.height; row++) {
    let to = first + row * rowLength;
    for (const end = from + content.width; from < end; from++, to++) {
      data[to] = plane[from]! * scale;
    }
  }
}

function drawPixels(
  data: Float32Array,
  { width, height, channels, scale }: Network['input'],
  pixels: Uint8Array,
  { padX, padY, content }: Letterbox,
): void {
  const area = width * height;
  const [red, green, blue] = IN_NETWORK[channels];
  const [toRed, toGreen, toBlue] = [red * area, green * area, blue * area];
  const first = padY * width + padX;
  for (let row = 0, from = 0; row < content.height; row++) {
    let to = first + row * width;
    for (const end = to + content.width; to < end; to++, from += 3) {
      data[to + toRed] = pixels[from]! * scale;
      data[to + toGreen] = pixels[from + 1]! * scale;
      data[to + toBlue] = pixels[from + 2]! * scale;
    }
  }
}
