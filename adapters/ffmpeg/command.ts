import ffmpeg from 'fluent-ffmpeg';
import { AppError } from '../../domain/errors.js';

export interface CommandRequest {
  readonly launcher: string;
  /** Folder that ffmpeg runs in. */
  readonly folder: string;
  readonly input: string;
  readonly inputOptions: readonly string[];
  readonly outputOptions: readonly string[];
  /** File, or image sequence pattern, in absolute form. */
  readonly output: string;
  /** Told the frames that are written so far, where `-stats` is asked for. */
  readonly onFrames?: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Ranges run side by side: one thread each costs least. */
const COMMON = ['-nostdin', '-hide_banner', '-v', 'error', '-filter_threads', '1'];
const STDERR_LINES = 40;
const STATS = /^frame=\s*(\d+)/;

/** Messages of the system, not of the video: the step is to be tried again, nothing is skipped. */
const SYSTEM_FAULTS = /No space left|Cannot allocate memory|Permission denied|Too many open files/i;

/**
 * Runs ffmpeg once and resolves with what it said when it ended by itself, well or not.
 * @throws AppError `DECODE_FAILED` when a signal, a limit or the system ended it.
 */
export async function runFfmpeg(request: CommandRequest): Promise<{ ok: boolean; log: string }> {
  request.signal.throwIfAborted();
  const lines: string[] = [];
  const error = await run(request, (line) => {
    const done = STATS.exec(line)?.[1];
    if (done !== undefined) request.onFrames?.(Number(done));
    else if (lines.push(line) > STDERR_LINES) lines.shift();
  });
  request.signal.throwIfAborted();
  const log = lines.join('\n').trim();
  if (!error) return { ok: true, log };
  const ended = /exited with code (\d+)/.exec(error.message)?.[1];
  if (ended === undefined || Number(ended) >= 124 || SYSTEM_FAULTS.test(log)) {
    throw new AppError(
      'DECODE_FAILED',
      `ffmpeg was stopped: ${error.message}. ${log}`.trim(),
      {},
      { cause: error },
    );
  }
  return { ok: false, log: log || error.message };
}

/** What a log says went wrong, fit for people: no addresses, no lists of allowed codecs. */
export function complaintOf(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line && !/not on whitelist/.test(line));
  return lines[0]?.replace(/^\[[^\]]* @ 0x[0-9a-f]+\]\s*/, '').slice(0, 160);
}

/** Resolves with the error that ended ffmpeg, or with undefined. */
function run(request: CommandRequest, onLine: (line: string) => void): Promise<Error | undefined> {
  const { launcher, folder, input, inputOptions, outputOptions, output, signal } = request;
  return new Promise((resolve) => {
    const command = ffmpeg({ cwd: folder } as ffmpeg.FfmpegCommandOptions)
      .setFfmpegPath(launcher)
      .input(input)
      .inputOptions([...COMMON, ...inputOptions])
      .outputOptions([...outputOptions])
      .output(output);
    const kill = () => command.kill('SIGKILL');
    const settle = (error?: Error) => {
      signal.removeEventListener('abort', kill);
      resolve(error);
    };
    signal.addEventListener('abort', kill, { once: true });
    command
      .on('stderr', onLine)
      .on('end', () => settle())
      .on('error', (error: Error) => settle(error));
    command.run();
    // The process starts after fluent-ffmpeg has looked at its capabilities.
    command.on('start', () => signal.aborted && kill());
  });
}
