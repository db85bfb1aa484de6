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
  yield csvLine(COLUMNS);
  yield* linesOf(source);
}

/** One CSV of several results, with the video of each object in the first column. */
export async function* csvOfVideos(sources: AsyncIterable<ExportSource>): AsyncGenerator<string> {
  yield csvLine(['video', ...COLUMNS]);
  for await (const source of sources) yield* linesOf(source, source.header.video_id);
}

async function* linesOf(source: ExportSource, ...first: readonly string[]): AsyncGenerator<string> {
  const ids = classIds(source.classes);
  for await (const frame of source.frames()) {
    if (!isSkipped(frame)) yield toLines(frame, ids, first);
  }
}

function toLines(
  { frame, timestamp_ms, same_as, objects }: FrameRow,
  ids: ReadonlyMap<string, number>,
  first: readonly string[],
) {
  const lines = objects.map(({ class: name, box, conf, track_id }) =>
    csvLine([...first, ...box, ids.get(name), conf, track_id, frame, timestamp_ms, name, same_as]),
  );
  return lines.join('');
}

/** Encodes cells as a line; an undefined cell is empty. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoteCell(String(cell ?? ''))).join(',')}\r\n`;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
