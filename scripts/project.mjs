import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's folder, with links resolved. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of a file of the project. */
export const inProject = (...parts) => join(root, ...parts);

/** Prints a message on standard error; standard output is reserved for the commands' results. */
export const log = (message) => process.stderr.write(`vidette: ${message}\n`);

/** Content of a file; undefined when it is missing. */
export function readIfExists(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** SHA-256 over the names and contents of files. */
export function hashOfFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(inProject(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Runs a program in the project's folder with its output on standard error. @throws if it fails. */
export function run(command, args, { env = {}, ...options } = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    ...options,
  });
  if (status === 0) return;
  const how = error?.message ?? (signal ? `was ended by ${signal}` : `exited with ${status}`);
  throw new Error(`\`${[command, ...args].join(' ')}\` ${how}.`);
}
