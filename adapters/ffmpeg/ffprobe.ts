import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { AppError } from '../../domain/errors.js';
import { CRASHED, endingOf, type MediaTool } from './command.js';
import { killRunning } from './process-tree.js';
import { watchForStall } from './stall-watch.js';

/** Complaints that are kept; a damaged file has one for each of its packets. */
const COMPLAINTS_MAX = 40;

/** One run of ffprobe: its lines of output, and then what it complained of. */
export interface ProbeRun {
  readonly lines: AsyncGenerator<string>;
  readonly complaints: readonly string[];
}

/**
 * Runs ffprobe and streams its output. A damaged file makes it end with 1 after it listed what there
 * is: its output counts then. Whoever stops reading ends it.
 * @throws AppError, while lines are read, `DECODE_FAILED` when it hung or was stopped.
 */
export function runFfprobe(
  tool: MediaTool,
  args: readonly string[],
  signal: AbortSignal,
): ProbeRun {
  const complaints: string[] = [];
  return { lines: linesOf(tool, args, signal, complaints), complaints };
}

async function* linesOf(
  { launcher, stallS }: MediaTool,
  args: readonly string[],
  signal: AbortSignal,
  complaints: string[],
): AsyncGenerator<string> {
  signal.throwIfAborted();
  const probe = execa(launcher, args, { stdin: 'ignore', buffer: false, reject: false });
  createInterface(probe.stderr).on('line', (line) => {
    if (complaints.length < COMPLAINTS_MAX) complaints.push(line);
  });
  const watch = watchForStall('ffprobe', probe.pid, stallS);
  const kill = () => void killRunning(probe);
  signal.addEventListener('abort', kill, { once: true });
  try {
    yield* probe;
    const { failed, exitCode, signal: killedBy } = await probe;
    signal.throwIfAborted();
    const hung = watch.stop();
    if (hung) throw hung;
    if (!failed) return;
    const ending = endingOf(exitCode, killedBy);
    if (ending === 'crashed') complaints.unshift(CRASHED);
    if (ending === 'stopped') throw stopped(killedBy ?? `exit code ${exitCode}`);
  } finally {
    watch.stop();
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function stopped(how: string): AppError {
  return new AppError('DECODE_FAILED', `ffprobe was stopped: ${how}`);
}
