import { AppError } from '../domain/errors.js';
import { dataPaths } from '../stack/data-folder.js';
import { followLog } from '../stack/supervisor/follow-log.js';
import { readTail } from '../stack/supervisor/log-file.js';
import type { App } from './app.js';
import { outColors as colors } from './colors.js';

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
  if (!Number.isInteger(lines) || lines < 1) {
    throw new AppError('INVALID_INPUT', `Expected --lines of at least 1, received ${lines}.`);
  }
  const paths = dataPaths(app.config.dataDir);
  const tails = await Promise.all(
    names.map(async (name) => ({ name, ...(await readTail(paths.log(name), lines)) })),
  );
  const found = tails.filter((tail) => tail.lines.length > 0);
  if (found.length === 0 && !follow) throw noLogs(paths.logs);
  if (found.length > 0) printTails(app, found, names);
  if (follow) await Promise.all(tails.map((tail) => followTail(app, tail, names)));
}

function printTails({ out }: App, tails: readonly Tail[], names: readonly string[]): void {
  const data = Object.fromEntries(tails.map(({ name, lines }) => [name, lines]));
  const text = tails.map(({ name, lines }) => withName(name, lines, names)).join('\n');
  out.result(data, text);
}

async function followTail({ config, signal }: App, { name, end }: Tail, names: readonly string[]) {
  const path = dataPaths(config.dataDir).log(name);
  for await (const text of followLog(path, { signal, from: end })) {
    process.stdout.write(`${withName(name, text.split('\n'), names)}\n`);
  }
}

/** Begins each line with the name of its service if there are several. */
function withName(name: string, lines: readonly string[], names: readonly string[]): string {
  if (names.length === 1) return lines.join('\n');
  const width = Math.max(...names.map(({ length }) => length));
  return lines.map((line) => `${colors.cyan(name.padEnd(width))} | ${line}`).join('\n');
}

function noLogs(folder: string): AppError {
  return new AppError(
    'STACK_NOT_RUNNING',
    `${folder} has no such logs. Start the local stack with "vidette up".`,
  );
}
