import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { readConfig } from '../../config/index.js';

/** Debian packages of the programs that build and run images. */
const PACKAGES = ['buildah', 'runc', 'podman', 'mmdebstrap'];
const PROGRAMS = ['buildah', 'runc', 'podman', 'mmdebstrap'];

/** Folder of images and layers that the next run uses again. */
export const imageFolder = () => join(readConfig().cacheDir, 'image');

/**
 * Installs what builds and runs images, and writes its configuration.
 * @returns environment of these programs.
 * @throws Error without root, or if a program is missing and VIDETTE_ALLOW_INSTALL is not set.
 */
export async function prepareContainerTools(): Promise<Readonly<Record<string, string>>> {
  if (process.getuid?.() !== 0) throw new Error('The test of the images needs root: use sudo.');
  await installMissing();
  const folder = imageFolder();
  await mkdir(folder, { recursive: true });
  const [containers, storage] = [join(folder, 'containers.conf'), join(folder, 'storage.conf')];
  await writeFile(containers, CONTAINERS);
  await writeFile(storage, storageOf(folder));
  return {
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    // Works without the right to create namespaces of users.
    BUILDAH_ISOLATION: 'chroot',
  };
}

/** Runs a program; its output is in the message of its error. */
export async function run(
  file: string,
  args: readonly string[],
  options: Options = {},
): Promise<string> {
  const { stdout } = await execa(file, args, { stdin: 'ignore', ...options });
  return String(stdout);
}

async function installMissing(): Promise<void> {
  const found = await Promise.all(
    PROGRAMS.map((name) => execa('which', [name], { reject: false })),
  );
  if (found.every(({ failed }) => !failed)) return;
  if (!readConfig().consent.install) {
    const command = `apt-get install ${PACKAGES.join(' ')}`;
    throw new Error(
      `${PROGRAMS.join(', ')} are needed. Install them with "${command}", or set VIDETTE_ALLOW_INSTALL=true.`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], { env });
}

/** Limits that work without CAP_SYS_RESOURCE, and no manager of cgroups. */
const CONTAINERS = `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
netns = "host"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

const storageOf = (folder: string) => `[storage]
driver = "overlay"
graphroot = "${join(folder, 'storage')}"
runroot = "${join(folder, 'run')}"
`;
