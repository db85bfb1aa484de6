import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { projectFile } from '../../platform/package-root.js';
import { pullIntoCache } from '../support/pull-model.js';
import { type BaseImages, buildBaseImages } from './base-images.js';
import { contextsOfCheckout } from './checkout-contexts.js';
import { imageFolder, prepareContainerTools, run } from './container-tools.js';
import { argumentsFromSource } from './source-build.js';

/** Images of this project and what they need to run. */
export interface BuiltImages {
  readonly serve: string;
  readonly cpu: string;
  /** Environment of podman and buildah. */
  readonly env: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly images: BuiltImages;
  }
}

const TARGETS = ['serve', 'cpu'] as const;
/** Layers of builds of the last days make the next one fast; older ones only take space. */
const KEPT = ['--filter', 'until=168h'];

/**
 * Builds the last stages of the targets of deploy/Dockerfile from the packages and the build of this
 * checkout; with VIDETTE_TEST_IMAGE=source all stages, whose layers are not taken from a former build.
 */
export default async function buildImages(project: TestProject): Promise<void> {
  const env = await prepareContainerTools();
  const base = await buildBaseImages(env);
  const folder = await mkdtemp(join(imageFolder(), 'contexts-'));
  try {
    const model = join(await pullIntoCache(), YOLOX_NANO_FILE.file);
    const given = await (isFromSource() ? argumentsFromSource : contextsOfCheckout)(folder, model);
    for (const target of TARGETS) {
      const started = performance.now();
      // The second target shares the layers of the first.
      const uncached = isFromSource() && target === TARGETS[0] ? ['--no-cache'] : [];
      const args = argumentsOf(target, [...given, ...uncached], base);
      await run('buildah', args, { env, cwd: projectFile('.') });
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`image ${target}: built in ${seconds} s`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await run('podman', ['image', 'prune', '--force', ...KEPT], { env });
  project.provide('images', { serve: nameOf('serve'), cpu: nameOf('cpu'), env });
}

/** Whether this run builds all stages, which takes minutes. */
const isFromSource = () => process.env['VIDETTE_TEST_IMAGE'] === 'source';

/** Name of the image of a stage; those of both kinds of builds can be compared. */
const nameOf = (stage: string) =>
  `localhost/vidette-test-${isFromSource() ? 'source' : 'checkout'}:${stage}`;

/** Arguments of buildah for one stage of deploy/Dockerfile. */
function argumentsOf(target: string, given: readonly string[], base: BaseImages) {
  return [
    // The format of OCI has neither SHELL nor HEALTHCHECK.
    ...['bud', '--layers', '--format', 'docker', '--network', 'host', ...given],
    ...['--build-arg', `NODE_IMAGE=${base.node}`, '--build-arg', `RUNTIME_IMAGE=${base.runtime}`],
    ...['--target', target, '-f', 'deploy/Dockerfile', '-t', nameOf(target), '.'],
  ];
}
