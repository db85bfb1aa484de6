import { createInterface } from 'node:readline';
import ffmpeg from 'fluent-ffmpeg';
import { AppError } from '../../domain/errors.js';
import type { FfmpegOutcome } from '../../domain/ports/meters.js';
import { killRunning } from './process-tree.js';
import { watchForStall } from './stall-watch.js';
import { startTool, type ToolEnd } from './start-tool.js';

/** How ffmpeg or ffprobe is started. */
export interface MediaTool {
  /** Path of the launcher script that limits the process. */
  readonly launcher: string;
  /** Time without CPU use after which the process counts as hung, in seconds. */
  readonly stallS: number;
  /** Called with the end of each run that was started. */
  readonly onRun?: (outcome: FfmpegOutcome) => void;
}

export interface CommandRequest {
  readonly ffmpeg: MediaTool;
  /** Working directory of ffmpeg. */
  readonly folder: string;
  readonly input: string;
  readonly inputOptions: readonly string[];
  readonly outputOptions: readonly string[];
  /** Absolute path of a file or of an image sequence pattern. */
  readonly output: string;
  /** Receives the number of frames written so far, if `-stats` is among the options. */
  readonly onFrames?: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Ranges run in parallel, so one thread per process is cheapest. */
const COMMON = ['-nostdin', '-hide_banner', '-v', 'error', '-filter_threads', '1'];
const STDERR_LINES = 40;
const STATS = /^frame=\s*(\d+)/;

/** Messages about the system, not about the video: the activity is retried and no frame skipped. */
const SYSTEM_FAULTS = /No space left|Cannot allocate memory|Permission denied|Too many open files/i;

/**
 * Runs ffmpeg once. Resolves with its log if it exits by itself, with or without an error; a crash
 * counts as an error, because the same bytes would crash it again.
 * @throws AppError `DECODE_FAILED` if it hangs, or if a signal, a limit or the system stops it.
 */
export async function runFfmpeg(request: CommandRequest): Promise<{ ok: boolean; log: string }> {
  request.signal.throwIfAborted();
  const lines: string[] = [];
  const ended = await run(request, (line) => {
    const done = STATS.exec(line)?.[1];
    if (done !== undefined) request.onFrames?.(Number(done));
    else if (lines.push(line) > STDERR_LINES) lines.shift();
  });
  request.ffmpeg.onRun?.(request.signal.aborted ? 'cancelled' : outcomeOf(ended));
  const { hung, code, signal } = ended;
  request.signal.throwIfAborted();
  const log = lines.join('\n').trim();
  if (hung) throw hung;
  if (code === 0) return { ok: true, log };
  const how = signal === undefined ? `exit code ${code}` : `signal ${signal}`;
  const ending = endingOf(code, signal);
  if (ending === 'crashed') return { ok: false, log: CRASHED };
  if (ending === 'stopped' || SYSTEM_FAULTS.test(log)) {
    throw new AppError('DECODE_FAILED', `ffmpeg was stopped: ${how}. ${log}`.trim());
  }
  return { ok: false, log: log || `ffmpeg ended with ${how}` };
}

/** Log of a decoder that crashed. */
export const CRASHED = 'the decoder crashed on it';
/** Numbers of the signals that report a fault of the program itself. */
const FAULTS: Readonly<Record<string, number>> = {
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGSEGV: 11,
};
const FAULT_CODES = Object.values(FAULTS).map((signal) => 128 + signal);

/**
 * Exit codes of `timeout`, of a shell that cannot start a program, and of the signals up to 31. Those above
 * are error codes of newer versions of ffmpeg, modulo 256: 183 for invalid data, 234 for an invalid argument.
 */
const STOPPED = { from: 124, to: 128 + 31 };
/** Exit code of ffmpeg after a signal that it handles. */
const TERMINATED = 255;

/**
 * Classifies an unsuccessful exit: an error that the process reported, a crash, or a stop from
 * outside, such as a limit.
 * @example endingOf(undefined, 'SIGKILL') // 'stopped'
 */
export function endingOf(
  code: number | undefined,
  signal: string | undefined,
): 'failed' | 'crashed' | 'stopped' {
  if (code === undefined) return signal !== undefined && signal in FAULTS ? 'crashed' : 'stopped';
  if (FAULT_CODES.includes(code)) return 'crashed';
  const isStopped = (code >= STOPPED.from && code <= STOPPED.to) || code === TERMINATED;
  return isStopped ? 'stopped' : 'failed';
}

interface Ended extends ToolEnd {
  readonly hung?: AppError;
}

function outcomeOf({ hung, code, signal }: Ended): FfmpegOutcome {
  if (hung) return 'hung';
  return code === 0 ? 'ok' : endingOf(code, signal);
}

/** Resolves when ffmpeg exits. */
async function run(request: CommandRequest, onLine: (line: string) => void): Promise<Ended> {
  const { ffmpeg, folder, signal } = request;
  const { child, ended } = await startTool(ffmpeg.launcher, argumentsOf(request), folder);
  const watch = watchForStall('ffmpeg', child.pid, ffmpeg.stallS);
  const kill = () => void killRunning(child);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  createInterface(child.stderr).on('line', onLine);
  child.stdout.resume();
  try {
    return { ...(await ended), hung: watch.stop() };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/**
 * Builds the arguments with fluent-ffmpeg. Its `run` is not used: if the system cannot start a process,
 * it throws where nothing can catch the error.
 */
function argumentsOf({ input, inputOptions, outputOptions, output }: CommandRequest): string[] {
  const command = ffmpeg()
    .input(input)
    .inputOptions([...COMMON, ...inputOptions])
    .outputOptions([...outputOptions])
    .output(output);
  return (command as Built)._getArguments();
}

/** The typings of fluent-ffmpeg omit the method that returns the arguments. */
type Built = ffmpeg.FfmpegCommand & { _getArguments(): string[] };
