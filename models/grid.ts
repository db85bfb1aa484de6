import type { Size } from '../domain/detection.js';

/** Network pixels between neighbouring anchors in each of the three output grids. */
const GRID_STRIDES = [8, 16, 32] as const;

/** One output grid; its anchors stand row by row. */
export interface Grid {
  readonly gridStride: number;
  readonly columns: number;
  readonly rows: number;
}

/** The output grids of an input, in the order in which their anchors stand. */
export function gridsOf({ width, height }: Size): readonly Grid[] {
  return GRID_STRIDES.map((gridStride) => ({
    gridStride,
    columns: Math.ceil(width / gridStride),
    rows: Math.ceil(height / gridStride),
  }));
}

/** @example anchorCountOf({ width: 416, height: 416 }) // 3549 */
export function anchorCountOf(input: Size): number {
  return gridsOf(input).reduce((sum, { columns, rows }) => sum + columns * rows, 0);
}
