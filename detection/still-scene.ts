import type { Size } from '../domain/result/detection.js';

/** Detects frames that look like the last inferred frame. */
export interface StillScene {
  /**
   * Whether a frame looks like the last one for which this was false; false for the first frame.
   * Takes 8-bit frames of the content size: planes G, B, R or pixels R, G, B.
   */
  isStill(bytes: Uint8Array, layout: 'planes' | 'pixels'): boolean;
  /** Makes the next frame count as changed. */
  forget(): void;
}

/** Side of a cell in pixels: within a cell, the noise of single pixels cancels out. */
const CELL = 4;
/** Side of a block in cells: changes are measured per block. */
const BLOCK = 4;
/** Blocks overlap by half, so that one of them contains any object of 8 x 8 pixels. */
const BLOCK_STEP = BLOCK / 2;
const CHANNELS = 3;

/**
 * Compares frames of one size. A frame is still if {@link changeBetween} is at most `threshold`, in
 * values of 0 to 255.
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

/** Sums of the values in each cell of 4 x 4 pixels; channel after channel, row by row. */
export interface CellSums {
  readonly size: Size;
  readonly columns: number;
  readonly rows: number;
  readonly values: Uint16Array;
}

/** Sums the values of each cell of a frame; cells at the right and lower edge may be smaller. */
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
        // Unrolled: a loop takes 1.5 times as long.
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
 * Returns the largest difference between two frames, in values of 0 to 255: the maximum, over all blocks
 * of 16 x 16 pixels and all channels, of the mean absolute difference between the means of the cells.
 */
export function changeBetween(a: CellSums, b: CellSums): number {
  const { size, columns, rows } = a;
  const [across, down] = [blockSpans(size.width), blockSpans(size.height)];
  let largest = 0;
  for (let first = 0; first < a.values.length; first += columns * rows) {
    const differences = cellDifferences(a, b, first);
    for (const { from: top, to: bottom, pixels: height } of down) {
      for (const { from: left, to: right, pixels: width } of across) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          for (let x = left; x < right; x++) sum += differences[row * columns + x]!;
        }
        largest = Math.max(largest, sum / (width * height));
      }
    }
  }
  return largest;
}

/** Returns the absolute differences between the cells of the channel that starts at `first`. */
function cellDifferences(a: CellSums, b: CellSums, first: number): Uint16Array {
  const differences = new Uint16Array(a.columns * a.rows);
  for (let cell = 0; cell < differences.length; cell++) {
    differences[cell] = Math.abs(a.values[first + cell]! - b.values[first + cell]!);
  }
  return differences;
}

/** Returns the blocks along a side: first cell, end (exclusive) and size in pixels. */
function blockSpans(pixels: number): { from: number; to: number; pixels: number }[] {
  const cells = Math.ceil(pixels / CELL);
  const last = Math.max(0, cells - BLOCK);
  const starts = Array.from({ length: Math.ceil(last / BLOCK_STEP) }, (_, i) => i * BLOCK_STEP);
  return [...starts, last].map((from) => {
    const to = Math.min(from + BLOCK, cells);
    return { from, to, pixels: Math.min(CELL * to, pixels) - CELL * from };
  });
}
