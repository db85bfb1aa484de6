import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ownEnvironment, readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import type { Settings } from '../../stack/settings.js';
import { preparePython } from '../../bench/python-environment.js';

/** Folder of the worker that trains with Keras. */
export const KERAS_WORKER = projectFile('deploy/train');

/** Program of Python with Keras; undefined, with a message, if it cannot be installed here. */
export async function prepareKeras(): Promise<string | undefined> {
  const requirements = join(KERAS_WORKER, 'requirements.txt');
  try {
    const bin = await preparePython(readConfig().cacheDir, 'train-keras', requirements);
    return join(bin, 'python');
  } catch (error) {
    const reasons =
      /ENOENT|ensurepip|(Connection|NameResolution|Proxy)Error|timed out|No matching distribution/i;
    if (!reasons.test(messageOf(error))) throw error;
    console.warn(
      'LEFT OUT: the tests with Keras. They need Python 3.11 to 3.13 with venv, and PyPI to install it.',
    );
    return undefined;
  }
}

/** A worker of the queue `train` in Python. */
export interface KerasWorker {
  readonly child: ChildProcess;
  /** Lines of its log. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Starts the worker; resolves when it polls the queue. */
export async function startKerasWorker(python: string, settings: Settings): Promise<KerasWorker> {
  const lines: string[] = [];
  const child = spawn(python, ['-m', 'vidette_train.worker'], {
    cwd: KERAS_WORKER,
    env: { ...ownEnvironment(), ...settings, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const output = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    output.on('line', (line) => {
      lines.push(line);
      if (line.includes('ready: polls')) resolve();
    });
    child.once('exit', () => reject(new Error(`The worker has ended: ${lines.join('\n')}`)));
  });
  return {
    child,
    lines,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
