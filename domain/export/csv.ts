import type { FrameRow } from '../result/result.js';
import { isSkipped } from '../result/result.js';
import { zonesOfObject, type ZonesOfObject } from '../zone/zones-of-object.js';
import { classIds, type ExportOptions, type ExportSource } from './export-source.js';

/** The columns of supervision's CSV sink, and then ours. */
const COLUMNS = [
  ...['x_min', 'y_min', 'x_max', 'y_max', 'class_id', 'confidence', 'tracker_id'],
  ...['frame_index', 'timestamp_ms', 'class_name', 'same_as'],
];

/** Separates the zones of an object; names of zones do not contain it. */
const ZONES_SEPARATOR = ';';

/**
 * A line per object (RFC 4180); a frame without objects has none. With zones, a last column has the
 * names of those that the object is in.
 */
export async function* csvOf(
  source: ExportSource,
  { zones }: ExportOptions = {},
): AsyncGenerator<string> {
  yield csvLine(zones ? [...COLUMNS, 'zones'] : COLUMNS);
  yield* linesOf(source, { zonesOf: zones && zonesOfObject(zones, source.header.video.size) });
}

/** One CSV of several results, with the video of each object in the first column. */
export async function* csvOfVideos(sources: AsyncIterable<ExportSource>): AsyncGenerator<string> {
  yield csvLine(['video', ...COLUMNS]);
  for await (const source of sources) yield* linesOf(source, { video: source.header.video_id });
}

/** Columns before and after the common ones. */
interface FurtherColumns {
  readonly video?: string;
  readonly zonesOf?: ZonesOfObject | undefined;
}

async function* linesOf(source: ExportSource, further: FurtherColumns): AsyncGenerator<string> {
  const ids = classIds(source.classes);
  for await (const frame of source.frames()) {
    if (!isSkipped(frame)) yield toLines(frame, ids, further);
  }
}

function toLines(
  { frame, timestamp_ms, same_as, objects }: FrameRow,
  ids: ReadonlyMap<string, number>,
  { video, zonesOf }: FurtherColumns,
) {
  const first = video === undefined ? [] : [video];
  const lines = objects.map((object) => {
    const { class: name, box, conf, track_id } = object;
    const cells = [...box, ids.get(name), conf, track_id, frame, timestamp_ms, name, same_as];
    const last = zonesOf ? [zonesOf(object).join(ZONES_SEPARATOR)] : [];
    return csvLine([...first, ...cells, ...last]);
  });
  return lines.join('');
}

/** Encodes cells as a line; an undefined cell is empty. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoteCell(String(cell ?? ''))).join(',')}\r\n`;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
