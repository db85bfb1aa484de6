import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { projectFile } from '../../platform/package-root.js';
import { pullIntoCache } from '../support/pull-model.js';
import { type BaseImages, buildBaseImages } from './base-images.js';
import { contextsOfCheckout } from './checkout-contexts.js';
import { imageFolder, prepareContainerTools, run } from './container-tools.js';

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
 * Builds the targets of deploy/Dockerfile on base images of this machine; with
 * VIDETTE_TEST_IMAGE=checkout only their last stages, from the packages and the build of this checkout.
 */
export default async function buildImages(project: TestProject): Promise<void> {
  const env = await prepareContainerTools();
  const base = await buildBaseImages(env);
  const folder = await mkdtemp(join(imageFolder(), 'contexts-'));
  try {
    const contexts = await contextsOf(folder);
    for (const target of TARGETS) {
      const started = performance.now();
      await run('buildah', argumentsOf(target, contexts, base), { env, cwd: projectFile('.') });
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`image ${target}: built in ${seconds} s`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await run('podman', ['image', 'prune', '--force', ...KEPT], { env });
  project.provide('images', { serve: nameOf('serve'), cpu: nameOf('cpu'), env });
}

const nameOf = (target: string) => `localhost/vidette-test:${target}`;

/** Folder of the model, and with VIDETTE_TEST_IMAGE those of whole stages. */
async function contextsOf(folder: string): Promise<string[]> {
  const { file } = YOLOX_NANO_FILE;
  const model = join(await pullIntoCache(), file);
  if (process.env['VIDETTE_TEST_IMAGE'] === 'checkout') return contextsOfCheckout(folder, model);
  const models = join(folder, 'models');
  await mkdir(models);
  await copyFile(model, join(models, file));
  return ['--build-context', `models=${models}`];
}

function argumentsOf(target: string, contexts: readonly string[], base: BaseImages) {
  return [
    // The format of OCI has neither SHELL nor HEALTHCHECK.
    ...['bud', '--layers', '--format', 'docker', '--network', 'host', ...contexts],
    ...['--build-arg', `NODE_IMAGE=${base.node}`, '--build-arg', `RUNTIME_IMAGE=${base.runtime}`],
    ...['--target', target, '-f', 'deploy/Dockerfile', '-t', nameOf(target), '.'],
  ];
}
