import type { ChildProcess } from 'node:child_process';
import ffmpeg from 'fluent-ffmpeg';
import { AppError } from '../../domain/errors.js';
import { killRunning } from './process-tree.js';
import { type StallWatch, watchForStall } from './stall-watch.js';

/** ffmpeg or ffprobe as every call of it needs it. */
export interface MediaTool {
  /** The launcher that fences it in. */
  readonly launcher: string;
  /** Seconds without processor time after which it counts as hung. */
  readonly stallS: number;
}

export interface CommandRequest {
  readonly ffmpeg: MediaTool;
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
 * Runs ffmpeg once and resolves with what it said when it ended by itself, well or not. A crash of
 * its own counts as that: the same bytes would crash it again.
 * @throws AppError `DECODE_FAILED` when it hung, or a signal, a limit or the system ended it.
 */
export async function runFfmpeg(request: CommandRequest): Promise<{ ok: boolean; log: string }> {
  request.signal.throwIfAborted();
  const lines: string[] = [];
  const { error, hung } = await run(request, (line) => {
    const done = STATS.exec(line)?.[1];
    if (done !== undefined) request.onFrames?.(Number(done));
    else if (lines.push(line) > STDERR_LINES) lines.shift();
  });
  request.signal.throwIfAborted();
  const log = lines.join('\n').trim();
  if (hung) throw hung;
  if (!error) return { ok: true, log };
  const { message } = error;
  const code = /exited with code (\d+)/.exec(message)?.[1];
  const ending = endingOf(code ? Number(code) : undefined, /SIG\w+/.exec(message)?.[0]);
  if (ending === 'crashed') return { ok: false, log: CRASHED };
  if (ending === 'stopped' || SYSTEM_FAULTS.test(log)) {
    throw new AppError(
      'DECODE_FAILED',
      `ffmpeg was stopped: ${error.message}. ${log}`.trim(),
      {},
      { cause: error },
    );
  }
  return { ok: false, log: log || error.message };
}

/** What is told of bytes that a decoder does not survive. */
export const CRASHED = 'the decoder crashed on it';
/** Signals by which a program ends for a fault of its own. */
const FAULTS: Readonly<Record<string, number>> = {
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGSEGV: 11,
};
const FAULT_CODES = Object.values(FAULTS).map((signal) => 128 + signal);

/**
 * How a process ended that did not end well: by its own judgement, by a fault of its own, or by
 * something outside of it, such as a limit.
 * @example endingOf(undefined, 'SIGKILL') // 'stopped'
 */
export function endingOf(
  code: number | undefined,
  signal: string | undefined,
): 'failed' | 'crashed' | 'stopped' {
  if (code === undefined) return signal !== undefined && signal in FAULTS ? 'crashed' : 'stopped';
  if (FAULT_CODES.includes(code)) return 'crashed';
  return code >= 124 ? 'stopped' : 'failed';
}

interface Ended {
  readonly error?: Error;
  readonly hung?: AppError;
}

/** Resolves with the error that ended ffmpeg, or with none. */
function run(request: CommandRequest, onLine: (line: string) => void): Promise<Ended> {
  const { folder, input, inputOptions, outputOptions, output, signal } = request;
  const { launcher, stallS } = request.ffmpeg;
  return new Promise((resolve) => {
    const command: Running = ffmpeg({ cwd: folder } as ffmpeg.FfmpegCommandOptions)
      .setFfmpegPath(launcher)
      .input(input)
      .inputOptions([...COMMON, ...inputOptions])
      .outputOptions([...outputOptions])
      .output(output);
    let watch: StallWatch | undefined;
    const kill = () => void killRunning(command.ffmpegProc);
    const settle = (error?: Error) => {
      signal.removeEventListener('abort', kill);
      resolve({ error, hung: watch?.stop() });
    };
    signal.addEventListener('abort', kill, { once: true });
    command
      .on('stderr', onLine)
      .on('end', () => settle())
      .on('error', (error: Error) => settle(error));
    command.run();
    // The process starts after fluent-ffmpeg has looked at its capabilities.
    command.on('start', () => {
      watch = watchForStall('ffmpeg', command.ffmpegProc?.pid, stallS);
      if (signal.aborted) kill();
    });
  });
}

/** Its typings leave the process out. */
type Running = ffmpeg.FfmpegCommand & { readonly ffmpegProc?: ChildProcess };
