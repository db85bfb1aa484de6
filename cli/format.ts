import { stripVTControlCharacters } from 'node:util';
import type { ResultOverview } from '../client/index.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { outColors as colors } from './colors.js';

/** @example formatSeconds(0.84) // '0.8 s'; formatSeconds(3725) // '1 h 2 min' */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @example formatCount(1, 'job') // '1 job'; formatCount(2, 'job') // '2 jobs' */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @example formatClasses({ car: 12, bus: 1, dog: 1 }, 2) // '12 car, 1 bus, …' */
export function formatClasses(byClass: Readonly<Record<string, number>>, max = Infinity): string {
  const counts = Object.entries(byClass).sort(([, a], [, b]) => b - a);
  const shown = counts.slice(0, max).map(([name, count]) => `${count} ${name}`);
  return [...shown, ...(counts.length > max ? ['…'] : [])].join(', ');
}

/** Lists the devices that processed frames, by number of frames; "none" before the first. */
export function formatDevices(used: Readonly<Partial<Record<string, number>>>): string {
  const names = Object.entries(used).sort(([, a = 0], [, b = 0]) => b - a);
  return names.map(([name]) => name).join(', ') || 'none';
}

/** Length of a cell in a terminal, without its colours. */
const lengthOf = (cell: string) => stripVTControlCharacters(cell).length;

/** Aligns rows in columns. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** Formats labels and values, one pair per line, indented by two. */
export function formatPairs(pairs: readonly (readonly [label: string, value: string | null])[]) {
  const known = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null);
  return formatTable(known.map(([label, value]) => [`  ${label}`, value]));
}

/** Formats the place of an object in the object store. */
export function formatObject({ bucket, key }: { readonly bucket: string; readonly key: string }) {
  return `object ${key} in bucket ${bucket}`;
}

/** Formats an ISO 8601 time in the time zone of this host. */
export function formatTime(time: string | null): string {
  return time === null ? '-' : new Date(time).toLocaleString('sv-SE');
}

const STATUS_COLORS: Readonly<Record<JobStatus, (text: string) => string>> = {
  processing: colors.cyan,
  predictable: colors.cyan,
  ready: colors.green,
  failed: colors.red,
  cancelled: colors.yellow,
};

/** Colours a status on a terminal. */
export function formatStatus(status: JobStatus): string {
  return STATUS_COLORS[status](status);
}

/** Returns sampled frames per second between start and close of a job, with one decimal. */
export function fpsOf(frames: number, seconds: number | null): number {
  return seconds !== null && seconds > 0 ? Math.round((frames / seconds) * 10) / 10 : 0;
}

/** Summarizes a result as labels and values. */
export function overviewPairs(overview: ResultOverview): [label: string, value: string][] {
  const { frames, skipped, objects, objects_by_class, frame_count, model, device } = overview;
  const { every = 1 } = overview.parameters;
  const nth = every === 1 ? `all of ${frame_count}` : `every ${ordinal(every)} of ${frame_count}`;
  const { inferred } = overview;
  const still =
    inferred === undefined ? '' : `, ${frames - inferred} still; inference on ${inferred}`;
  const found = objects === 0 ? '0' : `${objects} (${formatClasses(objects_by_class)})`;
  return [
    ['frames', `${frames} (${nth})${skipped > 0 ? `, ${skipped} skipped` : ''}${still}`],
    ['objects', found],
    ['model', `${model.name}, version ${model.version}`],
    ['device', `${formatDevices(device.used)} (requested: ${device.asked})`],
    ...overview.warnings.map((warning): [string, string] => ['warning', warning]),
  ];
}

/** @example ordinal(2) // '2nd' */
export function ordinal(value: number): string {
  const isTeen = Math.floor(value / 10) % 10 === 1;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}

const ORDER = [
  ...['ready', 'failed', 'cancelled', 'rejected', 'submitted', 'running', 'missing', 'deleted'],
];

/** Counts equal words. @example formatCounts(['ready', 'failed', 'ready']) // '2 ready, 1 failed' */
export function formatCounts(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return sorted.map(([word, count]) => `${count} ${word}`).join(', ');
}
