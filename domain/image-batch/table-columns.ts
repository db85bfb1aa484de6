import type { ImageRow, PredictedRow } from './image-row.js';

/** Column of a table with cells. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'integer';
  /** Undefined for an empty cell. */
  readonly cellOf: (row: ImageRow) => string | number | undefined;
}

/** A column of predicted rows; it is empty in a row with an error. */
function predicted<T extends string | number>(
  name: string,
  type: TableColumn['type'],
  cellOf: (row: PredictedRow) => T | null | undefined,
): TableColumn {
  return { name, type, cellOf: (row) => ('error' in row ? undefined : (cellOf(row) ?? undefined)) };
}

const START: readonly TableColumn[] = [
  { name: 'key', type: 'text', cellOf: ({ key }) => key },
  { name: 'etag', type: 'text', cellOf: ({ etag }) => etag ?? undefined },
  predicted('class', 'text', (row) => row.class),
  predicted('confidence', 'number', ({ confidence }) => confidence),
  predicted('width', 'integer', ({ width }) => width),
  predicted('height', 'integer', ({ height }) => height),
];

const OBJECTS = predicted('objects', 'text', ({ objects }) => JSON.stringify(objects));

const ERROR: TableColumn = {
  name: 'error',
  type: 'text',
  cellOf: (row) => ('error' in row ? row.error : undefined),
};

/**
 * Returns the columns of a table with cells: a column `p_{label}` per class of a classifier, or the
 * objects of a detector as JSON.
 * @param sample a row without an error; undefined if all rows have one.
 */
export function tableColumns(sample: PredictedRow | undefined): TableColumn[] {
  return [...START, ...findingColumns(sample), ERROR];
}

function findingColumns({ all_predictions, objects }: Partial<PredictedRow> = {}): TableColumn[] {
  if (objects) return [OBJECTS];
  return Object.keys(all_predictions ?? {}).map((label) =>
    predicted(`p_${label}`, 'number', (row) => row.all_predictions?.[label]),
  );
}
