import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { sha256 } from '../domain/hash.js';

const HASH_CHARS = 12;

/**
 * Creates a Python environment with the packages of a requirements file in the cache folder.
 * @returns its folder of programs.
 */
export async function preparePython(
  cacheDir: string,
  name: string,
  requirements: string,
): Promise<string> {
  const hash = sha256(await readFile(requirements, 'utf8')).slice(0, HASH_CHARS);
  const environment = join(cacheDir, `${name}-${hash}`);
  const bin = join(environment, 'bin');
  const readyMarker = join(environment, 'ready');
  if (await stat(readyMarker).catch(() => undefined)) return bin;
  await execa('python3', ['-m', 'venv', environment]);
  await execa(join(bin, 'python'), ['-m', 'pip', 'install', '-q', '-r', requirements]);
  await mkdir(readyMarker, { recursive: true });
  return bin;
}
