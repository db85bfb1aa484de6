/** Gains of pairs, 0 for a pair that is not allowed: `gains[row * columns + column]`. */
export interface GainMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly gains: Float64Array;
}

/** A row and its column. */
export type Pair = readonly [row: number, column: number];

/**
 * Pairs each row with at most one column, and each column with at most one row, so that the sum of
 * their gains is the largest possible. Pairs without a gain are left out. Exact: shortest augmenting
 * paths as in Jonker and Volgenant, Computing 38, 1987, for rectangular matrices (Crouse, IEEE
 * Transactions on Aerospace and Electronic Systems 52, 2016).
 * @returns the pairs by row; the same for the same matrix.
 */
export function assign(matrix: GainMatrix): Pair[] {
  const isWide = matrix.rows <= matrix.columns;
  const columnOf = assignRows(isWide ? matrix : transpose(matrix));
  const pairs = Array.from(columnOf, (column, row): Pair =>
    isWide ? [row, column] : [column, row],
  )
    .filter(([row, column]) => matrix.gains[row * matrix.columns + column]! > 0)
    .sort(([a], [b]) => a - b);
  return pairs;
}

function transpose({ rows, columns, gains }: GainMatrix): GainMatrix {
  const turned = new Float64Array(gains.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = gains[row * columns + column]!;
    }
  }
  return { rows: columns, columns: rows, gains: turned };
}

/** Assigns a column to every row of a matrix that has at least as many columns as rows. */
function assignRows(matrix: GainMatrix): Int32Array {
  const columnOf = new Int32Array(matrix.rows).fill(-1);
  const rowOf = new Int32Array(matrix.columns).fill(-1);
  const prices = { rows: new Float64Array(matrix.rows), columns: new Float64Array(matrix.columns) };
  for (let row = 0; row < matrix.rows; row++) {
    const path = findPath(matrix, row, columnOf, rowOf, prices);
    for (let column = path.end; ;) {
      const from = path.before[column]!;
      rowOf[column] = from;
      const next = columnOf[from]!;
      columnOf[from] = column;
      if (from === row) break;
      column = next;
    }
  }
  return columnOf;
}

interface Prices {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Finds the cheapest alternating path from a row to a free column, and updates the prices. */
function findPath(
  { columns, gains }: GainMatrix,
  start: number,
  columnOf: Int32Array,
  rowOf: Int32Array,
  prices: Prices,
): { readonly end: number; readonly before: Int32Array } {
  const cost = new Float64Array(columns).fill(Infinity);
  const before = new Int32Array(columns).fill(-1);
  const isDone = new Uint8Array(columns);
  const visited = [start];
  let [row, least, end] = [start, 0, -1];
  while (end < 0) {
    let best = -1;
    for (let column = 0; column < columns; column++) {
      if (isDone[column]) continue;
      const gain = gains[row * columns + column]!;
      const through = least - gain - prices.rows[row]! - prices.columns[column]!;
      if (through < cost[column]!) {
        cost[column] = through;
        before[column] = row;
      }
      const isCheaper = best < 0 || cost[column]! < cost[best]!;
      if (isCheaper || (cost[column] === cost[best] && isFirstFree(rowOf, column, best))) {
        best = column;
      }
    }
    least = cost[best]!;
    isDone[best] = 1;
    if (rowOf[best]! < 0) end = best;
    else visited.push((row = rowOf[best]!));
  }
  for (const seen of visited) {
    const paid = seen === start ? least : least - cost[columnOf[seen]!]!;
    prices.rows[seen]! += paid;
  }
  for (let column = 0; column < columns; column++) {
    if (isDone[column]) prices.columns[column]! -= least - cost[column]!;
  }
  return { end, before };
}

/** Of columns of equal cost, a free one ends the search earlier. */
function isFirstFree(rowOf: Int32Array, column: number, best: number): boolean {
  return rowOf[column]! < 0 && rowOf[best]! >= 0;
}
