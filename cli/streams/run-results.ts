import { isGap, type LogEntry, type VidetteClient } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { toStreamRow } from '../../domain/stream/row.js';
import type { App } from '../app.js';
import { mergeResults } from './merge-results.js';
import { openOffsets } from './offsets.js';
import { writeToPipe } from '../write-to-pipe.js';

export interface ResultsFlags {
  readonly fromBeginning?: boolean;
  readonly follow?: boolean;
  readonly after?: number;
  readonly from?: Date;
  readonly to?: Date;
  readonly gaps?: boolean;
  readonly details?: boolean;
  readonly offsets?: string;
}

const SAVE_MS = 1000;

/** Prints rows as JSON lines: those of the given scenarios, or of all. */
export async function runResults(
  app: App,
  { streams }: VidetteClient,
  uuids: readonly string[],
  flags: ResultsFlags,
): Promise<void> {
  const pipe = writeToPipe(process.stdout, app.signal);
  const print = async (entry: LogEntry) => {
    const line = lineOf(entry, flags);
    if (line !== undefined) await pipe.write(line);
  };
  if (!flags.follow) {
    for (const uuid of expectUuids(uuids)) {
      const { after, from, to } = flags;
      for await (const entry of streams.results(uuid, { after, from, to, signal: pipe.signal })) {
        await print(entry);
      }
    }
    return;
  }
  expectNoSpan(flags);
  const offsets = await openOffsets(flags.offsets);
  const timer = setInterval(() => void offsets.save().catch(() => undefined), SAVE_MS);
  const { fromBeginning = false } = flags;
  const given = uuids.length > 0 ? { uuids } : {};
  try {
    const options = { ...given, fromBeginning, offsets, signal: pipe.signal };
    await mergeResults(streams, options, print);
  } finally {
    clearInterval(timer);
    await offsets.save();
  }
}

/** Formats an entry as a line of JSON; undefined for a gap that is not requested. */
export function lineOf(
  entry: LogEntry,
  { gaps = false, details = false }: Pick<ResultsFlags, 'gaps' | 'details'>,
): string | undefined {
  if (isGap(entry)) return gaps ? `${JSON.stringify(entry)}\n` : undefined;
  return `${JSON.stringify(toStreamRow(entry, details))}\n`;
}

function expectUuids(uuids: readonly string[]): readonly string[] {
  if (uuids.length > 0) return uuids;
  throw new AppError(
    'INVALID_INPUT',
    'Give the scenario_uuid of one or more scenarios, or --follow to follow all of them.',
  );
}

function expectNoSpan({ after, from, to }: ResultsFlags): void {
  if (after === undefined && from === undefined && to === undefined) return;
  throw new AppError(
    'INVALID_INPUT',
    '--after, --from and --to cannot be combined with --follow. Use --from-beginning or --offsets.',
  );
}
