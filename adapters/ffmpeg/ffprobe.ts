import { createInterface } from 'node:readline';
import { AppError } from '../../domain/errors.js';
import { CRASHED, endingOf, type MediaTool } from './command.js';
import { killRunning } from './process-tree.js';
import { watchForStall } from './stall-watch.js';
import { startTool } from './start-tool.js';
import { untrustedInput } from './whitelists.js';

/** Maximum number of logged lines that are kept; a damaged file logs one per packet. */
const COMPLAINTS_MAX = 40;

/** Arguments of ffprobe for one untrusted local file. @param streams specifier of the streams. */
export function ffprobeArguments(
  source: string,
  maxPixels: number,
  { entries, streams }: { readonly entries: string; readonly streams?: string },
): string[] {
  return [
    ...['-v', 'error', '-hide_banner'],
    ...(streams === undefined ? [] : ['-select_streams', streams]),
    ...['-show_entries', entries],
    ...[...untrustedInput('ffprobe', maxPixels), `file:${source}`],
  ];
}

/** One run of ffprobe: its output lines, then its log. */
export interface ProbeRun {
  readonly lines: AsyncGenerator<string>;
  readonly complaints: readonly string[];
}

/**
 * Runs ffprobe and streams its output. For a damaged file, it exits with 1 after it has listed what
 * it could read; that output counts. A reader that stops ends the process.
 * @throws AppError `DECODE_FAILED`, while lines are read, if it hangs or is stopped.
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
  const { child: probe, ended } = await startTool(launcher, args);
  createInterface(probe.stderr).on('line', (line) => {
    if (complaints.length < COMPLAINTS_MAX) complaints.push(line);
  });
  const watch = watchForStall('ffprobe', probe.pid, stallS);
  const kill = () => void killRunning(probe);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  try {
    yield* createInterface(probe.stdout);
    const { code, signal: killedBy } = await ended;
    signal.throwIfAborted();
    const hung = watch.stop();
    if (hung) throw hung;
    if (code === 0) return;
    const ending = endingOf(code, killedBy);
    if (ending === 'crashed') complaints.unshift(CRASHED);
    if (ending === 'stopped') throw stopped(killedBy ?? `exit code ${code}`);
  } finally {
    watch.stop();
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function stopped(how: string): AppError {
  return new AppError('DECODE_FAILED', `ffprobe was stopped: ${how}`);
}
