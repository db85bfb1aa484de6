import type { Size } from '../../domain/result/detection.js';

/** One output grid, with its anchors in row-major order. */
export interface Grid {
  /** Distance between neighbouring anchors in pixels of the input. */
  readonly gridStride: number;
  readonly columns: number;
  readonly rows: number;
}

/** Returns the output grids of an input, in the order of their strides. */
export function gridsOf({ width, height }: Size, strides: readonly number[]): readonly Grid[] {
  return strides.map((gridStride) => ({
    gridStride,
    columns: Math.ceil(width / gridStride),
    rows: Math.ceil(height / gridStride),
  }));
}

/** @example anchorCountOf({ width: 416, height: 416 }, [8, 16, 32]) // 3549 */
export function anchorCountOf(input: Size, strides: readonly number[]): number {
  return gridsOf(input, strides).reduce((sum, { columns, rows }) => sum + columns * rows, 0);
}
