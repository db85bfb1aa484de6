import type { ExportSource } from './export-source.js';
import { type TimedRow, withDisplayTime } from './rows-with-duration.js';

/** Duration of the last cue in milliseconds; players end it with the video. */
const LAST_CUE_MS = 1000;

/**
 * A WebVTT metadata track: a cue per row, from its frame to the next sampled one, with the row as
 * one line of JSON. Boxes are `[xMin, yMin, xMax, yMax]` in pixels of the displayed frame.
 */
export async function* vttOf({ header, frames }: ExportSource): AsyncGenerator<string> {
  yield 'WEBVTT\n';
  for await (const held of withDisplayTime(frames(), header)) yield cueOf(held);
}

function cueOf({ row, fromMs, toMs }: TimedRow): string {
  const start = Math.max(0, Math.round(fromMs));
  // Two rows may lie within a millisecond: a cue has to end after it begins.
  const end = Number.isFinite(toMs) ? Math.max(start + 1, Math.round(toMs)) : start + LAST_CUE_MS;
  return `\n${row.frame}\n${vttTime(start)} --> ${vttTime(end)}\n${payloadOf(row)}\n`;
}

/** JSON has no line breaks, and ">" can be written so that no "-->" ends the cue. */
function payloadOf(row: object): string {
  return JSON.stringify(row).replaceAll('>', String.raw`\u003e`);
}

/** Returns a time of WebVTT. @example vttTime(3_723_004) // '01:02:03.004' */
export function vttTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const s = two((ms / 1000) % 60);
  const fraction = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${s}.${fraction}`;
}
