import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder, from any working directory and through links. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of a file of the project. */
export const inProject = (...parts) => join(root, ...parts);

/** Says something to the person; standard output belongs to the commands themselves. */
export const say = (message) => process.stderr.write(`vidette: ${message}\n`);

/** Content of a file; undefined when it is missing. */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** SHA-256 of files, by name and content. */
export function hashOfFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(inProject(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Runs a program in the project's folder, with all it says on standard error. */
export function run(command, args, { env = {}, ...options } = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    ...options,
  });
  if (status === 0) return;
  const how = error?.message ?? (signal ? `was ended by ${signal}` : `ended with ${status}`);
  throw new Error(`\`${[command, ...args].join(' ')}\` ${how}.`);
}
