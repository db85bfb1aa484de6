import { downloadMembers } from './download-members.js';
import { downloadText } from './download.js';
import type { Check } from './executables.js';
import type { ToolSource } from './find-tool.js';
import { installInto } from './install-into.js';
import type { ToolContext } from './tool-context.js';

/** An official release: one archive for each platform. */
export interface Release {
  readonly kind: string;
  readonly version: string;
  /** URL that the tag of the version follows. */
  readonly releases: string;
  /** Size and duration of the download, for messages. */
  readonly takes: string;
  /** Returns the archive of this platform. @throws Error if the release has none. */
  readonly archive: () => Archive;
  readonly fileName: string;
  readonly check: Check;
}

/** A `tar.gz` that contains the executable. */
export interface Archive {
  readonly name: string;
  /** Path of the executable in the archive. */
  readonly member: string;
  /** Default: what `checksums.txt` of the release lists. */
  readonly sha256?: string;
}

/** Source for the executable of an official release. */
export function fromRelease(release: Release, context: ToolContext): ToolSource {
  const { kind, version, releases, takes, fileName, check } = release;
  return {
    title: `official release from ${releases}`,
    announce: `downloading the official release ${version} (${takes})`,
    find: async () => {
      const archive = release.archive();
      const path = await installInto(context.binDir, fileName, check, (folder) =>
        downloadArchive(`${releases}/v${version}`, archive, folder, context),
      );
      return { path, kind };
    },
  };
}

async function downloadArchive(
  release: string,
  { name, member, sha256: pinned }: Archive,
  folder: string,
  context: ToolContext,
): Promise<string> {
  const sha256 = pinned ?? checksumOf(name, await downloadText(`${release}/checksums.txt`));
  const download = { url: `${release}/${name}`, sha256, members: [member] };
  const [executable = ''] = await downloadMembers(download, folder, context);
  return executable;
}

function checksumOf(name: string, checksums: string): string {
  const line = checksums.split('\n').find((text) => text.trim().split(/\s+/)[1] === name);
  const checksum = line?.trim().split(/\s+/)[0];
  if (checksum === undefined) throw new Error(`checksums.txt does not list ${name}`);
  return checksum.toLowerCase();
}
