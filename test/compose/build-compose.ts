import { randomUUID } from 'node:crypto';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const VERSION = 'v2.40.3';
const PACKAGE = 'github.com/docker/compose/v2/cmd';

/**
 * Path of Docker Compose's own command, built from its Go module the first time (about two minutes).
 * It needs no Docker for `config`.
 */
export async function buildCompose(cacheDir: string): Promise<string> {
  const binDir = join(cacheDir, 'bin');
  const path = join(binDir, `docker-compose-${VERSION}`);
  if (await exists(path)) return path;
  await mkdir(binDir, { recursive: true });
  const temporary = `${path}.${randomUUID()}.part`;
  await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', temporary, PACKAGE], {
    cwd: import.meta.dirname,
  });
  await rename(temporary, path);
  return path;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
