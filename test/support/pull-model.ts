import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readConfig } from '../../config/index.js';
import { pullModel } from '../../stack/model-sources/pull-model.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the network that the stacks of the tests take theirs from. */
    readonly modelsDir: string;
  }
}

/** Gets the network once, into the cache, so that no stack of a test downloads it again. */
export default async function pullForAll(project: TestProject): Promise<void> {
  const { cacheDir, modelsDir } = readConfig();
  const config = { dataDir: cacheDir, modelsDir };
  await pullModel({ config, onStep: (message) => console.log(message) });
  project.provide('modelsDir', join(cacheDir, 'models'));
}
