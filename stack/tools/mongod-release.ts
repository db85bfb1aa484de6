import { join } from 'node:path';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { getOS, isLinuxOS } from 'mongodb-memory-server-core/lib/util/getos/index.js';
import { extractFiles } from './archive.js';
import { downloadFile, downloadText, type OnBytes } from './download.js';

/** Replaces Debian on arm64, for which there are no releases. */
const UBUNTU = { os: 'linux', dist: 'ubuntu', release: '22.04' };

export interface MongodRelease {
  readonly version: string;
  /** Base URL of the releases. */
  readonly releases: string;
  /** Folder that keeps an unfinished download. */
  readonly downloadsDir: string;
  readonly onBytes?: OnBytes;
}

/** Downloads mongod for this system into a folder and returns its path. */
export async function downloadMongod(release: MongodRelease, folder: string): Promise<string> {
  const { path, name } = await findArchive(release.version);
  const url = `${release.releases.replace(/\/$/, '')}/${path}`;
  const archive = join(release.downloadsDir, name);
  const [sha256 = ''] = (await downloadText(`${url}.sha256`)).trim().split(/\s+/);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${url}.sha256 is not a SHA-256`);
  await downloadFile(url, archive, { sha256, onBytes: release.onBytes });
  const [mongod = ''] = await extractFiles(archive, ['*/bin/mongod'], folder);
  return mongod;
}

/** Finds the archive for this system: its name, and its path below the base URL. */
async function findArchive(
  version: string,
): Promise<{ readonly path: string; readonly name: string }> {
  const { platform, arch } = process;
  const os = await getOS();
  const isDebian = isLinuxOS(os) && os.dist === 'debian';
  const url = new MongoBinaryDownloadUrl({
    version,
    platform,
    arch,
    os: isDebian && arch === 'arm64' ? UBUNTU : os,
  });
  const name = await url.getArchiveName();
  return { path: `${url.platform}/${name}`, name };
}
