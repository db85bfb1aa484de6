import type { Size } from '../domain/result/detection.js';

/** Notices frames that show what the last one that went through the network shows. */
export interface StillScene {
  /**
   * Whether nothing has changed since the last frame for which this was false, which the first
   * one is. Takes a frame of 8 bits and of the content's size: planes G, B, R or pixels R, G, B.
   */
  isStill(bytes: Uint8Array, layout: 'planes' | 'pixels'): boolean;
  /** The next frame is not still, whatever it shows. */
  forget(): void;
}

/** Side in pixels of a cell: within it the noise of single pixels cancels out. */
const CELL = 4;
/** Side of a block in cells: the place in which a change is looked for. */
const BLOCK = 4;
/** Blocks overlap by half, so that an object of 8 x 8 pixels lies whole in one of them. */
const BLOCK_STEP = BLOCK / 2;
const CHANNELS = 3;

/**
 * Compares frames of a size in pixels. A frame is still when {@link changeBetween} finds at most
 * `threshold` values of 0 to 255.
 */
export function createStillScene(size: Size, threshold: number): StillScene {
  let reference: CellSums | undefined;
  return {
    isStill(bytes, layout) {
      const sums = cellSums(bytes, size, layout);
      if (reference && changeBetween(reference, sums) <= threshold) return true;
      reference = sums;
      return false;
    },
    forget() {
      reference = undefined;
    },
  };
}

/** The values of each cell of 4 x 4 pixels, added up; one channel after another, row by row. */
export interface CellSums {
  readonly size: Size;
  readonly columns: number;
  readonly rows: number;
  readonly values: Uint16Array;
}

/** Adds up the cells of a frame; those at the right and lower edge may be smaller. */
export function cellSums(bytes: Uint8Array, size: Size, layout: 'planes' | 'pixels'): CellSums {
  const { width, height } = size;
  checkLength(bytes, size);
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const values = new Uint16Array(CHANNELS * columns * rows);
  const step = layout === 'planes' ? 1 : CHANNELS;
  const whole = width - (width % CELL);
  for (let channel = 0; channel < CHANNELS; channel++) {
    let from = layout === 'planes' ? channel * width * height : channel;
    for (let y = 0; y < height; y++) {
      let cell = (channel * rows + Math.floor(y / CELL)) * columns;
      for (let x = 0; x < whole; x += CELL, from += CELL * step, cell++) {
        // Four at once: a loop over them takes half as long again.
        const four =
          bytes[from]! + bytes[from + step]! + bytes[from + 2 * step]! + bytes[from + 3 * step]!;
        values[cell] = values[cell]! + four;
      }
      for (let x = whole; x < width; x++, from += step) values[cell] = values[cell]! + bytes[from]!;
    }
  }
  return { size, columns, rows, values };
}

function checkLength({ length }: Uint8Array, { width, height }: Size): void {
  const expected = CHANNELS * width * height;
  if (length === expected) return;
  throw new RangeError(
    `Expected ${expected} bytes for a frame of ${width}x${height}, received ${length}`,
  );
}

/**
 * How much two frames differ where they differ most, in values of 0 to 255: the largest mean over
 * a block of 16 x 16 pixels, in one of the channels, of how far the cells' means lie apart.
 */
export function changeBetween(a: CellSums, b: CellSums): number {
  const { size, columns, rows } = a;
  const [across, down] = [blockSpans(size.width), blockSpans(size.height)];
  let largest = 0;
  for (let first = 0; first < a.values.length; first += columns * rows) {
    const apart = cellsApart(a, b, first);
    for (const { from: top, to: bottom, pixels: height } of down) {
      for (const { from: left, to: right, pixels: width } of across) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          for (let x = left; x < right; x++) sum += apart[row * columns + x]!;
        }
        largest = Math.max(largest, sum / (width * height));
      }
    }
  }
  return largest;
}

/** How far the cells of the channel that begins at `first` lie apart. */
function cellsApart(a: CellSums, b: CellSums, first: number): Uint16Array {
  const apart = new Uint16Array(a.columns * a.rows);
  for (let cell = 0; cell < apart.length; cell++) {
    apart[cell] = Math.abs(a.values[first + cell]! - b.values[first + cell]!);
  }
  return apart;
}

/** First cell, one past the last, and pixels of each block along a side; they end with the side. */
function blockSpans(pixels: number): { from: number; to: number; pixels: number }[] {
  const cells = Math.ceil(pixels / CELL);
  const last = Math.max(0, cells - BLOCK);
  const starts = Array.from({ length: Math.ceil(last / BLOCK_STEP) }, (_, i) => i * BLOCK_STEP);
  return [...starts, last].map((from) => {
    const to = Math.min(from + BLOCK, cells);
    return { from, to, pixels: Math.min(CELL * to, pixels) - CELL * from };
  });
}
