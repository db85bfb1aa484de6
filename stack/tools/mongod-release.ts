import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { getOS, isLinuxOS } from 'mongodb-memory-server-core/lib/util/getos/index.js';
import { downloadMembers } from './download-members.js';
import { downloadText } from './download.js';
import type { ToolContext } from './tool-context.js';

/** Replaces Debian on arm64, for which there are no releases. */
const UBUNTU = { os: 'linux', dist: 'ubuntu', release: '22.04' };

/** Downloads mongod for this system into a folder and returns its path. */
export async function downloadMongod(
  version: string,
  folder: string,
  context: ToolContext,
): Promise<string> {
  const releases = context.config.tools.mongodReleases.replace(/\/$/, '');
  const url = `${releases}/${await findArchive(version)}`;
  const [sha256 = ''] = (await downloadText(`${url}.sha256`)).trim().split(/\s+/);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${url}.sha256 is not a SHA-256`);
  const download = { url, sha256, members: ['*/bin/mongod'] };
  const [mongod = ''] = await downloadMembers(download, folder, context);
  return mongod;
}

/** Returns the path of the archive for this system below the base URL. */
async function findArchive(version: string): Promise<string> {
  const { platform, arch } = process;
  const os = await getOS();
  const isDebian = isLinuxOS(os) && os.dist === 'debian';
  const url = new MongoBinaryDownloadUrl({
    version,
    platform,
    arch,
    os: isDebian && arch === 'arm64' ? UBUNTU : os,
  });
  return `${url.platform}/${await url.getArchiveName()}`;
}
