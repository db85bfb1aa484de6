import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ENCRYPTING_FAILURE_CONVERTER } from '../adapters/temporal/data-converter.js';
import { workflowBundle } from './workflow-bundle.js';

/** Bundles the compiled workflows at build time, so that a worker starts quickly. */
async function bundle(path: string, failureConverterPath?: string): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
    logger: new DefaultLogger('WARN'),
    failureConverterPath,
  });
  await writeFile(path, code);
}

await bundle(workflowBundle(false));
await bundle(workflowBundle(true), ENCRYPTING_FAILURE_CONVERTER);
