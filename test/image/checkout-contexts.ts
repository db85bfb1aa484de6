import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { projectFile } from '../../platform/package-root.js';
import { run } from './container-tools.js';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }),
  ),
});
/** Temporal's native library. */
const RELEASES = 'node_modules/@temporalio/core-bridge/releases';
/** Folders of binaries of which the image has those of its own system and architecture. */
const BINARIES = [
  [RELEASES, `${triple()}-unknown-linux-gnu`],
  ['node_modules/onnxruntime-node/bin/napi-v6', 'linux'],
  ['node_modules/onnxruntime-node/bin/napi-v6/linux', process.arch],
] as const;

/**
 * Makes folders that replace the stages `packages`, `build` and `model` of deploy/Dockerfile by the
 * packages and the build of this checkout, so that only the last stages are built.
 * @returns arguments of buildah.
 */
export async function contextsOfCheckout(folder: string, model: string): Promise<string[]> {
  const path = (stage: string, inner = '') => join(folder, stage, inner);
  await Promise.all(
    [path('packages', 'app'), path('build', 'app'), path('model', 'model/models')].map((each) =>
      mkdir(each, { recursive: true }),
    ),
  );
  await copyFolder(projectFile('node_modules'), path('packages', 'app'));
  await copyFolder(projectFile('dist'), path('build', 'app'));
  await copyFile(model, path('model', join('model/models', YOLOX_NANO_FILE.file)));
  await removeUnused(path('packages', 'app'));
  await copyFolder(path('packages'), path('serve-packages'));
  await rm(path('serve-packages', join('app', RELEASES)), { recursive: true });
  return ['packages', 'serve-packages', 'build', 'model'].flatMap((stage) => [
    '--build-context',
    `${stage}=${path(stage)}`,
  ]);
}

/** Makes hard links, or copies on another file system. */
async function copyFolder(from: string, into: string): Promise<void> {
  await run('cp', ['-al', from, into]).catch(() => run('cp', ['-a', from, into]));
}

async function removeUnused(app: string): Promise<void> {
  const lock = await readFile(projectFile('package-lock.json'), 'utf8');
  const { packages } = lockSchema.parse(JSON.parse(lock));
  const unused = Object.entries(packages).filter(([, { dev, devOptional }]) => dev || devOptional);
  const remove = (name: string) => rm(join(app, name), { recursive: true, force: true });
  for (const [name] of unused) await remove(name);
  await remove('node_modules/.bin');
  for (const [parent, kept] of BINARIES) {
    const find = ['-mindepth', '1', '-maxdepth', '1', '!', '-name', kept, '-exec', 'rm', '-r'];
    await run('find', [join(app, parent), ...find, '{}', '+']);
  }
  const types = ['-type', 'f', '-regex', '.*\\.\\(map\\|[cm]?ts\\)', '-delete'];
  await run('find', [join(app, 'node_modules'), ...types]);
}

function triple(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64';
}
