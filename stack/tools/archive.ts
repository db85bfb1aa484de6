import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import xz from 'xz-decompress';
import { openPromise as openZip } from 'yauzl';
import { messageOf } from '../../domain/errors.js';

/**
 * Extracts files from an archive (`.tar.gz`, `.tgz`, `.tar.xz`, `.zip` or `.whl`) into a folder.
 * `members` are paths of the same depth; a `*` in the place of a folder matches any name.
 * @returns the paths of the extracted files. @throws Error if the archive is damaged or lacks one.
 */
export async function extractFiles(
  archive: string,
  members: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const name = basename(archive);
  const isWanted = (path: string) => members.some((member) => isMatch(path, member));
  try {
    if (/\.(zip|whl)$/.test(name)) await extractZip(archive, isWanted, folder);
    else await extractTar(archive, isWanted, folder, depthOf(members));
  } catch (error) {
    throw new Error(`${name} is damaged (${messageOf(error)})`, { cause: error });
  }
  return members.map((member) => {
    const path = join(folder, basename(member));
    if (!existsSync(path)) throw new Error(`${name} does not contain ${member}`);
    return path;
  });
}

type IsWanted = (path: string) => boolean;

function isMatch(path: string, member: string): boolean {
  const parts = path.replace(/^\.\//, '').split('/');
  const wanted = member.split('/');
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => part === '*' || part === parts[index])
  );
}

/** Number of folders above the members. */
function depthOf(members: readonly string[]): number {
  return (members[0]?.split('/').length ?? 1) - 1;
}

async function extractTar(archive: string, isWanted: IsWanted, folder: string, strip: number) {
  // tar detects gzip by itself.
  const unpack = extract({ cwd: folder, strict: true, strip, filter: isWanted });
  const content = createReadStream(archive);
  await pipeline(archive.endsWith('.xz') ? decompressXz(content) : content, unpack);
}

function decompressXz(content: Readable): Readable {
  // The stream types of the library, of Node and of browsers differ only in name.
  const source = Readable.toWeb(content) as ConstructorParameters<typeof xz.XzReadableStream>[0];
  const decompressed = new xz.XzReadableStream(source);
  return Readable.fromWeb(decompressed as Parameters<typeof Readable.fromWeb>[0]);
}

async function extractZip(archive: string, isWanted: IsWanted, folder: string) {
  const zip = await openZip(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      if (!isWanted(entry.fileName)) continue;
      const target = createWriteStream(join(folder, basename(entry.fileName)));
      await pipeline(await zip.openReadStreamPromise(entry), target);
    }
  } finally {
    zip.close();
  }
}
