import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import type { dataPaths } from '../data-folder.js';
import type { ServerTools } from '../tools/index.js';

const CHECK_TIMEOUT_MS = 30_000;
const NO_ATTRIBUTES = /xattr check failed/;

/**
 * Creates the folder `objectMetadata` if the file system of the objects has no extended attributes, in
 * which versitygw otherwise stores metadata. The folder makes each later start use it.
 */
export async function chooseMetadata(
  { path, kind }: ServerTools['objectStore'],
  { objects, objectMetadata }: Pick<ReturnType<typeof dataPaths>, 'objects' | 'objectMetadata'>,
): Promise<void> {
  if (kind !== 'versitygw') return;
  // Without credentials it checks the folder and exits.
  const { all } = await execa(path, ['posix', objects], {
    env: {},
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: CHECK_TIMEOUT_MS,
  });
  if (NO_ATTRIBUTES.test(all)) await mkdir(objectMetadata, { recursive: true, mode: 0o700 });
}
