import { AppError } from '../domain/errors.js';
import { dataPaths } from '../stack/data-folder.js';
import { followLog } from '../stack/supervisor/follow-log.js';
import { readTail } from '../stack/supervisor/log-file.js';
import type { App } from './app.js';
import { outColors as colors } from './colors.js';
import { formatLogLine } from './log-line.js';
import type { Output } from './output.js';

interface LogsRequest {
  /** Names of services. */
  readonly names: readonly string[];
  /** Number of last lines of each log. */
  readonly lines: number;
  readonly follow: boolean;
}

/** The last lines of a log. */
interface Tail {
  readonly name: string;
  readonly lines: readonly string[];
  /** Offset of the next line in bytes. */
  readonly end: number;
}

/** Prints the last lines of logs of the local stack, then new lines if they are followed. */
export async function showLogs(app: App, { names, lines, follow }: LogsRequest): Promise<void> {
  const paths = dataPaths(app.config.dataDir);
  const tails = await Promise.all(
    names.map(async (name) => ({ name, ...(await readTail(paths.log(name), lines)) })),
  );
  const found = tails.filter((tail) => tail.lines.length > 0);
  if (found.length === 0 && !follow) throw noLogs(paths.logs);
  if (found.length > 0) printTails(app, found, names, follow);
  if (follow) await Promise.all(tails.map((tail) => followTail(app, tail, names)));
}

function printTails(
  { out }: App,
  tails: readonly Tail[],
  names: readonly string[],
  follow: boolean,
): void {
  if (follow) return tails.forEach(({ name, lines }) => printLines(out, name, lines, names));
  const data = Object.fromEntries(tails.map(({ name, lines }) => [name, lines]));
  out.result(data, tails.map(({ name, lines }) => textOf(name, lines, names)).join('\n'));
}

async function followTail(
  { config, out, signal }: App,
  { name, end }: Tail,
  names: readonly string[],
) {
  const path = dataPaths(config.dataDir).log(name);
  for await (const text of followLog(path, { signal, from: end })) {
    printLines(out, name, text.split('\n'), names);
  }
}

/** Prints lines of a log that is followed; with `--json`, an object per line. */
function printLines(
  { json }: Output,
  service: string,
  lines: readonly string[],
  names: readonly string[],
): void {
  const objects = () => lines.map((line) => JSON.stringify({ service, line })).join('\n');
  process.stdout.write(`${json ? objects() : textOf(service, lines, names)}\n`);
}

/** Formats lines; each begins with the name of its service if there are several. */
function textOf(name: string, lines: readonly string[], names: readonly string[]): string {
  const width = Math.max(...names.map(({ length }) => length));
  const prefix = names.length === 1 ? '' : `${colors.cyan(name.padEnd(width))} | `;
  return lines.map((line) => `${prefix}${formatLogLine(line)}`).join('\n');
}

function noLogs(folder: string): AppError {
  return new AppError(
    'STACK_NOT_RUNNING',
    `No logs found in ${folder}. Start the local stack with "vidette up".`,
  );
}
