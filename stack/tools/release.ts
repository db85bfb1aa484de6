import { join } from 'node:path';
import { extractFiles } from './archive.js';
import { downloadFile, downloadText } from './download.js';
import type { Check } from './executables.js';
import type { ToolSource } from './find-tool.js';
import { installInto } from './install-into.js';

/** An official release: one archive for each platform, and `checksums.txt` with their SHA-256. */
export interface Release {
  readonly kind: string;
  readonly version: string;
  /** URL that the tag of the version follows. */
  readonly releases: string;
  /** Size and duration of the download, for messages. */
  readonly takes: string;
  /** Returns the archive of this platform. @throws Error if the release has none. */
  readonly archive: () => Archive;
  readonly binDir: string;
  readonly fileName: string;
  readonly check: Check;
}

/** A `tar.gz` that contains the executable. */
export interface Archive {
  readonly name: string;
  /** Path of the executable in the archive. */
  readonly member: string;
}

/** Source for the executable of an official release. */
export function fromRelease(release: Release): ToolSource {
  const { kind, version, releases, takes, binDir, fileName, check } = release;
  return {
    title: `official release from ${releases}`,
    announce: `downloading the official release ${version} (${takes})`,
    find: async () => {
      const archive = release.archive();
      const downloadsDir = join(binDir, '../downloads');
      const path = await installInto(binDir, fileName, check, (folder) =>
        downloadArchive(`${releases}/v${version}`, archive, downloadsDir, folder),
      );
      return { path, kind };
    },
  };
}

async function downloadArchive(
  release: string,
  { name, member }: Archive,
  downloadsDir: string,
  folder: string,
): Promise<string> {
  const sha256 = checksumOf(name, await downloadText(`${release}/checksums.txt`));
  const archive = join(downloadsDir, name);
  await downloadFile(`${release}/${name}`, archive, { sha256 });
  const [executable = ''] = await extractFiles(archive, [member], folder);
  return executable;
}

function checksumOf(name: string, checksums: string): string {
  const line = checksums.split('\n').find((text) => text.trim().split(/\s+/)[1] === name);
  const checksum = line?.trim().split(/\s+/)[0];
  if (checksum === undefined) throw new Error(`checksums.txt does not list ${name}`);
  return checksum.toLowerCase();
}
