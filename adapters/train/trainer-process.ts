import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AppError, ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import type { TrainerRun, TrainerRunner } from '../../domain/ports/trainer.js';
import { type TrainerLine, trainerLineSchema } from '../../domain/retrain/training-folder.js';
import { treeBytes } from '../../platform/tree-bytes.js';

/** Commands of the trainers of this worker. */
export interface TrainerCommands {
  /** The built-in trainer of last layers. */
  readonly head: readonly string[];
  /** A program with arguments (VIDETTE_TRAIN_COMMAND), for a shell; undefined without one. */
  readonly command: string | undefined;
  /** Prefix of commands that ends them with this process and takes the network away. */
  readonly wrapper: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const MIB = 1024 ** 2;
/** Interval between checks of the memory of a trainer and its children, in milliseconds. */
const MEMORY_CHECK_MS = 500;
/** Number of characters of its standard error that the message of a failed trainer contains. */
const STDERR_TAIL = 1000;
/** Codes that a trainer may report. */
const REPORTED: readonly string[] = [
  'TRAIN_DATA',
  'TRAIN_DIVERGED',
  'LIMIT_EXCEEDED',
  'MODEL_INVALID',
];

/** Runs trainers as child processes, which are killed at the limits of a training. */
export function createTrainerRunner(commands: TrainerCommands): TrainerRunner {
  return {
    run: async (trainer, folder, options) => {
      const [file = '', ...args] = commandOf(commands, trainer);
      options.signal.throwIfAborted();
      // A group of its own, so that the children of a command are killed with it.
      const child = spawn(file, args, { cwd: folder, env: commands.env, detached: true });
      await follow(child, options);
    },
  };
}

function commandOf(
  { head, command, wrapper }: TrainerCommands,
  trainer: 'head' | 'command',
): readonly string[] {
  if (trainer === 'head') return [...wrapper, ...head];
  if (command !== undefined) return [...wrapper, '/bin/sh', '-c', `exec ${command}`];
  throw new AppError(
    'INVALID_INPUT',
    'This worker has no command for training: set VIDETTE_TRAIN_COMMAND, or use the trainer "head".',
  );
}

/** Follows a trainer to its end; kills it when the training is cancelled or exceeds a limit. */
async function follow(child: ChildProcess, options: TrainerRun): Promise<void> {
  const { signal, limits } = options;
  let failure: Error | undefined;
  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    killGroup(child);
  };
  const timer = setTimeout(() => fail(tooLong(limits.seconds)), limits.seconds * 1000);
  const memory = setInterval(() => {
    const bytes = child.pid === undefined ? undefined : treeBytes(child.pid);
    if (bytes !== undefined && bytes > limits.memory_mb * MIB) fail(tooLarge(limits.memory_mb));
  }, MEMORY_CHECK_MS);
  const onAbort = () => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const stderr = tailOf(child);
  child.stdin?.on('error', () => undefined); // the trainer does not read it, or has ended
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  // Rejects if the process cannot be started, before it is awaited below.
  ended.catch(() => undefined);
  try {
    const reported = await readLines(child, options).catch((error: unknown) => void fail(error));
    const [code, killedBy] = await ended;
    if (failure) throw failure;
    if (reported) throw reported;
    if (code !== 0) throw failed(code, killedBy, stderr());
  } finally {
    clearTimeout(timer);
    clearInterval(memory);
    signal.removeEventListener('abort', onAbort);
    killGroup(child);
  }
}

/** Reads the lines of a trainer one after the other; returns the error that it reports. */
async function readLines(child: ChildProcess, run: TrainerRun): Promise<AppError | undefined> {
  let reported: AppError | undefined;
  for await (const text of createInterface({ input: child.stdout! })) {
    const line = parseLine(text);
    if (!line) continue;
    if ('error' in line) {
      reported = reportedError(line.error);
      continue;
    }
    const step = { step: line.step, of: line.of, loss: line.loss ?? null };
    run.onStep(step);
    if (!line.checkpoint) continue;
    await run.onCheckpoint(step);
    child.stdin?.write(`${JSON.stringify({ saved: step.step })}\n`);
  }
  return reported;
}

/** Returns a line of the protocol; undefined for other output, which commands may print too. */
function parseLine(text: string): TrainerLine | undefined {
  try {
    return trainerLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function reportedError({ code, message }: { readonly code: string; readonly message: string }) {
  const isKnown = REPORTED.includes(code) && code in ERROR_CODES;
  return new AppError(isKnown ? (code as ErrorCode) : 'TRAIN_DIVERGED', message);
}

/** Keeps the end of the standard error of a child. */
function tailOf(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL);
  });
  return () => tail.trim();
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended.
  }
}

function tooLong(seconds: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The training took longer than ${seconds} s (limits.seconds). Train fewer steps, or raise the limit.`,
  );
}

function tooLarge(megabytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The training needs more than ${megabytes} MiB of memory (limits.memory_mb). Use fewer images, or raise the limit.`,
  );
}

/** A trainer that was killed from outside is tried again; one that failed is not. */
function failed(code: number | null, signal: NodeJS.Signals | null, stderr: string): Error {
  const output = stderr === '' ? '' : `: ${stderr}`;
  if (signal) return new Error(`The trainer was ended by ${signal}${output}`);
  return new AppError('TRAIN_DIVERGED', `The trainer ended with exit code ${code}${output}`);
}
