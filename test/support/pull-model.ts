import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readConfig } from '../../config/index.js';
import { pullModel } from '../../stack/model-sources/pull-model.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the model file that the stacks of the tests use. */
    readonly modelsDir: string;
  }
}

/** Downloads the model once, into the cache, so that no stack of a test downloads it again. */
export default async function provideModelsDir(project: TestProject): Promise<void> {
  project.provide('modelsDir', await pullIntoCache());
}

/** Folder of the model file, which is downloaded if it is missing. */
export async function pullIntoCache(): Promise<string> {
  const { cacheDir, modelsDir, consent } = readConfig();
  const config = { dataDir: cacheDir, modelsDir, consent };
  await pullModel({ config, onStep: (message) => console.log(message) });
  return join(cacheDir, 'models');
}
