import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import type { Settings } from '../../stack/settings.js';
import { prepareImageTools } from './python-tools.js';

export const COMPOSE_FILE = projectFile('docker-compose.yml');

export interface ComposeCall {
  readonly args: readonly string[];
  /** Variables that the file reads. */
  readonly settings: Settings;
  /** Default: docker-compose.yml. */
  readonly files?: readonly string[];
  /** Arguments before those of the command. */
  readonly options?: readonly string[];
}

/** Runs podman-compose without a file `.env`; rejects with its output if it fails. */
export async function podmanCompose(call: ComposeCall): Promise<string> {
  const { args, settings, files = [COMPOSE_FILE], options = [] } = call;
  const program = join(await prepareImageTools(), 'podman-compose');
  const named = files.flatMap((file) => ['-f', file]);
  const env = { ...inject('images').env, ...settings };
  const all = ['--env-file', '/dev/null', ...named, ...options, ...args];
  const { stdout } = await execa(program, all, { env, stdin: 'ignore' });
  return stdout;
}
