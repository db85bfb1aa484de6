import { appendFile, readFile } from 'node:fs/promises';
import { isMissingFile } from '../platform/is-missing-file.js';
import type { Machine } from './machine/quiet.js';
import { print } from './print.js';
import { type ClipReport, median } from './report.js';

/** Number of earlier entries whose median a new one is compared with. */
const COMPARED_ENTRIES = 5;

/** Ratios of speed to the script, by clip and storage mode of frames. */
export type Ratios = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One line of a file of measurements. */
export interface HistoryEntry {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly version: string;
  readonly machine: Machine;
  readonly model: string;
  readonly ratios: Ratios;
  readonly reports: readonly ClipReport[];
}

/** A ratio and the median of earlier ones. */
export interface Change {
  readonly clip: string;
  readonly mode: string;
  readonly ratio: number;
  readonly earlier: number;
}

/** Returns the ratios of medians to the fastest number of processes of the script. */
export function ratiosOf(reports: readonly ClipReport[]): Ratios {
  return Object.fromEntries(
    reports.map(({ clip, peer, pipeline }) => {
      const script = Math.max(...Object.values(peer).map(medianFps));
      const modes = Object.entries(pipeline).map(([mode, runs]) => [
        mode,
        medianFps(runs) / script,
      ]);
      return [clip, Object.fromEntries(modes) as Record<string, number>];
    }),
  );
}

const medianFps = (runs: readonly { readonly fps: number }[]) => median(runs.map(({ fps }) => fps));

/** Reads a file of measurements; one that is missing has no entries. @throws SyntaxError of a damaged line. */
export async function readHistory(path: string): Promise<HistoryEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissingFile(error)) return '';
    throw error;
  });
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as HistoryEntry);
}

/**
 * Appends measurements to a file, and prints how their ratios have changed.
 * @returns the changes to the median of the last five earlier entries of the same machine and model
 */
export async function recordHistory(
  path: string,
  measured: Omit<HistoryEntry, 'ratios'>,
): Promise<Change[]> {
  const history = await readHistory(path);
  const entry = { ...measured, ratios: ratiosOf(measured.reports) };
  await appendHistory(path, entry);
  const changes = compareWithHistory(entry, history);
  for (const change of changes) print(describeChange(change));
  return changes;
}

/** @throws Error that names each ratio which fell by more than a share of its earlier value */
export function refuseDrops(changes: readonly Change[], maxDrop: number): void {
  const drops = changes.filter(({ ratio, earlier }) => ratio < earlier * (1 - maxDrop));
  if (drops.length === 0) return;
  const limit = `${(100 * maxDrop).toFixed(0)} %`;
  throw new Error(
    `Slower than before by more than ${limit}: ${drops.map(describeChange).join('; ')}.`,
  );
}

function describeChange({ clip, mode, ratio, earlier }: Change): string {
  return `${clip}, frames: ${mode}: ${ratio.toFixed(2)} of the script, ${earlier.toFixed(2)} before`;
}

/** Appends one line to a file of measurements. */
export async function appendHistory(path: string, entry: HistoryEntry): Promise<void> {
  await appendFile(path, `${JSON.stringify(entry)}\n`);
}

/** Compares an entry with the last five of the same machine and model, ratio by ratio. */
export function compareWithHistory(
  entry: HistoryEntry,
  history: readonly HistoryEntry[],
): Change[] {
  const alike = history.filter((each) => isAlike(each, entry)).slice(-COMPARED_ENTRIES);
  return Object.entries(entry.ratios).flatMap(([clip, modes]) =>
    Object.entries(modes).flatMap(([mode, ratio]) => {
      const earlier = alike.flatMap(({ ratios }) => ratios[clip]?.[mode] ?? []);
      return earlier.length > 0 ? [{ clip, mode, ratio, earlier: median(earlier) }] : [];
    }),
  );
}

function isAlike(a: HistoryEntry, b: HistoryEntry): boolean {
  const describe = ({ machine, model }: HistoryEntry) =>
    JSON.stringify([machine.cpu, machine.usable_cores, model]);
  return describe(a) === describe(b);
}
