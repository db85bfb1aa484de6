import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { VidetteClient } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { App } from '../app.js';
import { setExitCode } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { errorData, explain } from '../output.js';
import { type DeployedLine, deployLines } from './deploy-lines.js';

/** Argument that stands for standard input. */
const STANDARD_INPUT = '-';

/** Deploys the messages of a file, or of standard input as they arrive. */
export async function runDeploy(
  { out, signal }: App,
  { streams }: VidetteClient,
  source: string,
): Promise<void> {
  const input = source === STANDARD_INPUT ? process.stdin : createReadStream(source);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', () => reject(unreadable(source)));
  });
  const lines = createInterface({ input, crlfDelay: Infinity });
  const stop = () => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  const onWait = (error: AppError) => out.step(`waiting: ${explain(error)}`, 'transient');
  const deployAll = async () => {
    for await (const each of deployLines(streams, lines, { signal, onWait })) {
      if ('error' in each) setExitCode(EXIT.FAILED);
      process.stdout.write(`${out.json ? jsonOf(each) : textOf(each)}\n`);
    }
  };
  await Promise.race([deployAll(), failed]);
  signal.throwIfAborted();
}

function jsonOf(each: DeployedLine): string {
  return JSON.stringify(
    'error' in each ? { line: each.line, error: errorData(each.error) } : each.deployed,
  );
}

function textOf(each: DeployedLine): string {
  if ('error' in each) return `line ${each.line}: not deployed: ${explain(each.error)}`;
  const { scenario_uuid, started, camera } = each.deployed;
  return `${scenario_uuid}  ${started ? 'started' : 'running already'}  ${camera}`;
}

function unreadable(path: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `The file ${path} cannot be read. Give a file with one JSON object per line, or "-" for standard input.`,
  );
}
