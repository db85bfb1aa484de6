import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetImage } from '../../domain/dataset/dataset-item.js';
import type { DescribeImage } from '../../domain/dataset/resolve-images.js';
import { type ErrorRecord, errorFrom } from '../../domain/error-record.js';
import { AppError } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import { linkToParent } from '../../platform/parent-death.js';

/** Message to the process that reads images. */
export interface DescribeRequest {
  readonly data: Buffer;
  readonly isFrame: boolean;
}

/** Message of that process. */
export type DescribeReply =
  { readonly result: Omit<DatasetImage, 'sha256' | 'day'> } | { readonly error: ErrorRecord };

export interface ImageDescriberOptions {
  /** Environment of the process, which should have no secrets. */
  readonly env: NodeJS.ProcessEnv;
  /** Compiled entry point; default: that of this package. */
  readonly entry?: string;
  /** Maximum time for one image; default: a minute. */
  readonly timeoutMs?: number;
}

export interface ImageDescriber {
  readonly describe: DescribeImage;
  readonly close: () => void;
}

const ENTRY = 'dist/models/dataset/describe-main.js';
const TIMEOUT_MS = 60_000;
/** Time after the last image at which the process ends. */
const IDLE_MS = 5000;

/**
 * Describes images in a process of its own, one after another, because they come from outside. The
 * process starts with the first image, and again after an image on which it crashes or hangs: that one
 * is a `DECODE_FAILED`.
 */
export function createImageDescriber(options: ImageDescriberOptions): ImageDescriber {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const close = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  const describeNow = async (request: DescribeRequest) => {
    clearTimeout(idle);
    child ??= await start(options);
    try {
      const reply = await replyOf(child, request, options.timeoutMs ?? TIMEOUT_MS);
      if (!reply) close();
      return resultOf(reply);
    } finally {
      idle = setTimeout(close, IDLE_MS).unref();
    }
  };
  return {
    describe: (data, isFrame) => {
      const described = turn.then(() => describeNow({ data, isFrame }));
      turn = described.catch(() => undefined);
      return described;
    },
    close,
  };
}

async function start({ env, entry = projectFile(ENTRY) }: ImageDescriberOptions) {
  const [command, ...args] = await linkToParent('KILL');
  const wrapped = command !== undefined && {
    execPath: command,
    execArgv: [...args, process.execPath],
  };
  return fork(entry, { serialization: 'advanced', env, ...wrapped });
}

/** Undefined if the process exits or does not reply in time. */
async function replyOf(
  child: ChildProcess,
  request: DescribeRequest,
  timeoutMs: number,
): Promise<DescribeReply | undefined> {
  const ended = new AbortController();
  const { signal } = ended;
  const reply = once(child, 'message', { signal }).then(([message]) => message as DescribeReply);
  const exit = once(child, 'exit', { signal }).then(() => undefined);
  child.send(request, () => undefined);
  try {
    return await Promise.race([reply, exit, sleep(timeoutMs, undefined, { signal })]);
  } catch {
    return undefined;
  } finally {
    for (const waiting of [reply, exit]) waiting.catch(() => undefined);
    ended.abort();
  }
}

function resultOf(reply: DescribeReply | undefined) {
  if (!reply) {
    throw new AppError('DECODE_FAILED', 'The process that read the image crashed or hung.');
  }
  if ('error' in reply) throw errorFrom(reply.error);
  return reply.result;
}
