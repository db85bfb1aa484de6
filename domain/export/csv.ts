import type { FrameRow } from '../result/result.js';
import { isSkipped } from '../result/result.js';
import { classIds, type ExportSource } from './export-source.js';

/** The columns of supervision's CSV sink, and then ours. */
const COLUMNS = [
  ...['x_min', 'y_min', 'x_max', 'y_max', 'class_id', 'confidence', 'tracker_id'],
  ...['frame_index', 'timestamp_ms', 'class_name', 'same_as'],
];

/** A line per object (RFC 4180); a frame without objects has none. */
export async function* csvOf(source: ExportSource): AsyncGenerator<string> {
  const ids = classIds(source.classes);
  yield toLine(COLUMNS);
  for await (const frame of source.frames()) if (!isSkipped(frame)) yield toLines(frame, ids);
}

function toLines(
  { frame, timestamp_ms, same_as, objects }: FrameRow,
  ids: ReadonlyMap<string, number>,
) {
  const lines = objects.map(({ class: name, box, conf }) =>
    toLine([...box, ids.get(name), conf, undefined, frame, timestamp_ms, name, same_as]),
  );
  return lines.join('');
}

function toLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoteCell(String(cell ?? ''))).join(',')}\r\n`;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
