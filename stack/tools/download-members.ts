import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { extractFiles } from './archive.js';
import { downloadFile } from './download.js';
import type { ToolContext } from './tool-context.js';

/** An archive to download, and the files of it that are needed. */
export interface ArchiveDownload {
  readonly url: string;
  readonly sha256: string;
  /** See {@link extractFiles}. */
  readonly members: readonly string[];
}

/** Downloads an archive, extracts its members into a folder, and returns their paths. */
export async function downloadMembers(
  { url, sha256, members }: ArchiveDownload,
  folder: string,
  { downloadsDir, transfers }: Pick<ToolContext, 'downloadsDir' | 'transfers'>,
): Promise<readonly string[]> {
  const archive = join(downloadsDir, basename(url));
  await downloadFile(url, archive, { sha256, onBytes: transfers.start() });
  try {
    return await extractFiles(archive, members, folder);
  } finally {
    await rm(archive, { force: true });
  }
}
