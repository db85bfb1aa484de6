import { execa, type Result } from 'execa';
import { type ErrorRecord, errorFrom } from '../../domain/error-record.js';
import { AppError } from '../../domain/errors.js';
import type { convertKeras } from '../keras/convert.js';
import type { measureOutputs } from '../session/measure-outputs.js';
import { projectFile } from '../../platform/package-root.js';
import { linkToParent } from '../../platform/parent-death.js';
import { residentBytes } from '../../platform/resident-bytes.js';
import type { benchModel } from './bench-model.js';
import type { selfTest } from './self-test.js';

/** Work on a model that may loop, crash or exhaust memory. */
export interface ModelRuns {
  readonly convertKeras: typeof convertKeras;
  readonly measureOutputs: typeof measureOutputs;
  readonly selfTest: typeof selfTest;
  readonly benchModel: typeof benchModel;
}

/** Message to the process of a run. */
export interface ModelRequest {
  readonly run: keyof ModelRuns;
  /** Arguments of that run. */
  readonly args: readonly never[];
}

/** Message of that process. */
export type ModelReply = { readonly result: unknown } | { readonly error: ErrorRecord };

/** Limits of the process of a run; a memory of 0 bytes is unlimited. */
export interface ModelRunLimits {
  readonly laneTimeoutMs: number;
  readonly laneMemoryBytes: number;
}

export interface ModelRunOptions {
  readonly limits: ModelRunLimits;
  /** Environment of the processes; default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the process of a run when it aborts. */
  readonly signal?: AbortSignal;
}

const ENTRY = 'dist/models/add/process-main.js';
const WATCH_MS = 100;
const MIB = 1024 ** 2;

/**
 * Creates runs of which each has its own process, which is killed at the limits.
 * @throws AppError of each run: `MODEL_INVALID` at a limit or after a crash, else that of the run.
 */
export function createModelRuns(options: ModelRunOptions): ModelRuns {
  const inProcess =
    (run: keyof ModelRuns) =>
    (...args: readonly unknown[]) =>
      runModel({ run, args: args as readonly never[] }, options);
  // Each process replies with the result of the run that was requested.
  return {
    convertKeras: inProcess('convertKeras'),
    measureOutputs: inProcess('measureOutputs'),
    selfTest: inProcess('selfTest'),
    benchModel: inProcess('benchModel'),
  } as ModelRuns;
}

async function runModel(
  request: ModelRequest,
  { limits, env, signal }: ModelRunOptions,
): Promise<unknown> {
  const command = [...(await linkToParent('KILL')), process.execPath, projectFile(ENTRY)] as const;
  const [file, ...args] = command;
  const child = execa(file, args, {
    ...{ ipc: true, ipcInput: request, stdin: 'ignore', stdout: 'ignore' },
    ...{ stderr: 'inherit', reject: false, killSignal: 'SIGKILL' },
    ...{ timeout: limits.laneTimeoutMs, ...(signal && { cancelSignal: signal }) },
    ...(env && { env, extendEnv: false }),
  });
  const memory = watchMemory(child, limits.laneMemoryBytes);
  const ended = await child.finally(memory.stop);
  signal?.throwIfAborted();
  const [reply] = ended.ipcOutput as readonly ModelReply[];
  if (!reply) throw lostError(ended, memory.isExceeded(), limits);
  if ('error' in reply) throw errorFrom(reply.error);
  return reply.result;
}

/** Kills a process whose resident memory exceeds `limit` bytes; 0: no limit. */
function watchMemory(child: { readonly pid?: number; kill: () => unknown }, limit: number) {
  let isExceeded = false;
  const watch = setInterval(() => {
    const bytes = child.pid === undefined ? undefined : residentBytes(child.pid);
    if (limit === 0 || bytes === undefined || bytes <= limit) return;
    isExceeded = true;
    child.kill();
  }, WATCH_MS);
  return { isExceeded: () => isExceeded, stop: () => clearInterval(watch) };
}

function lostError(
  { timedOut, signal, exitCode }: Pick<Result, 'timedOut' | 'signal' | 'exitCode'>,
  isMemoryExceeded: boolean,
  { laneTimeoutMs, laneMemoryBytes }: ModelRunLimits,
): AppError {
  if (isMemoryExceeded) {
    return invalid(
      `needs more than ${laneMemoryBytes / MIB} MiB of memory and was ended. Use a smaller model, or raise VIDETTE_LANE_MEMORY_MB`,
    );
  }
  if (timedOut) {
    return invalid(
      `did not finish within ${laneTimeoutMs / 1000} s and was ended: it loops, or it is too slow for this machine. Correct the model, or raise VIDETTE_LANE_TIMEOUT_S`,
    );
  }
  return invalid(
    `ended the process that ran it (${signal ?? `code ${exitCode}`}). Correct the model, or export it again`,
  );
}

function invalid(problem: string): AppError {
  return new AppError('MODEL_INVALID', `The model ${problem}.`);
}
