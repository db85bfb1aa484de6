import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../domain/hash.js';
import { imageFolder, run } from './container-tools.js';

const MIRROR = 'http://deb.debian.org/debian';
const SUITE = 'bookworm';
const NODE = `node-linux-${process.arch}@22.23.3`;
const NPM = 'npm@11.21.2';
const CONTEXT = join(import.meta.dirname, 'base');
/** What Debian's own slim image leaves out. */
const EXCLUDES = join(import.meta.dirname, '../../deploy/image/dpkg-excludes');
const HASH_CHARS = 12;

/** Names of the images that stand in for the public ones. */
export interface BaseImages {
  readonly runtime: string;
  readonly node: string;
}

/**
 * Builds images from Debian's packages and the npm package of Node, for a machine that reaches no
 * registry of images. Images with the same inputs are used again.
 */
export async function buildBaseImages(env: Readonly<Record<string, string>>): Promise<BaseImages> {
  const tag = await hashOfInputs();
  const images = {
    runtime: `localhost/vidette-runtime:${tag}`,
    node: `localhost/vidette-node:${tag}`,
  };
  if (await exists(images.node, env)) return images;
  const folder = await mkdtemp(join(tmpdir(), 'vidette-base-'));
  try {
    await copyFile(await debianArchive(tag), join(folder, 'base.tar'));
    await build('runtime', folder, ['-t', images.runtime], env);
    await addNode(folder);
    const base = ['--build-arg', `RUNTIME_IMAGE=${images.runtime}`];
    await build('node', folder, [...base, '-t', images.node], env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return images;
}

async function hashOfInputs(): Promise<string> {
  const files = [EXCLUDES, ...['runtime', 'node'].map(dockerfileOf)];
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
  return sha256([MIRROR, SUITE, NODE, NPM, ...texts].join('\0')).slice(0, HASH_CHARS);
}

const dockerfileOf = (name: string) => join(CONTEXT, `${name}.Dockerfile`);

async function exists(image: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const found = await run('buildah', ['images', '--quiet', '--filter', `reference=${image}`], {
    env,
  });
  return found !== '';
}

async function build(
  name: string,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await run('buildah', ['bud', '-f', dockerfileOf(name), ...args, folder], { env });
}

/** Archive of a minimal Debian, which is kept; it takes 20 s. */
async function debianArchive(tag: string): Promise<string> {
  const path = join(imageFolder(), `debian-${tag}.tar`);
  if (await stat(path).catch(() => undefined)) return path;
  const partial = `${path}.part.tar`;
  const excludes = (await readFile(EXCLUDES, 'utf8')).match(/^path-.*$/gm) ?? [];
  await run('mmdebstrap', [
    ...['--variant=minbase', '--include=ca-certificates'],
    ...excludes.map((line) => `--dpkgopt=${line}`),
    // A single archive: the updates of another host would not be pinned either.
    ...[SUITE, partial, MIRROR],
  ]);
  await rename(partial, path);
  return path;
}

async function addNode(folder: string): Promise<void> {
  const packages = join(folder, 'packages');
  await mkdir(packages);
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', packages, NODE, NPM]);
  const modules = join(packages, 'node_modules');
  await rename(join(modules, `node-linux-${process.arch}/bin/node`), join(folder, 'node'));
  await rename(join(modules, 'npm'), join(folder, 'npm'));
}
