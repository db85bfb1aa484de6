import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ENCRYPTING_FAILURE_CONVERTER } from '../adapters/temporal/data-converter.js';
import { type BundleOptions, workflowBundle } from './workflow-bundle.js';

const compiled = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** Module that records the spans of workflows; with it, a bundle is half as large again. */
const TRACE_WORKFLOWS = compiled('workflows/trace-workflows.js');

/** Bundles the compiled workflows at build time, so that a worker starts quickly. */
async function bundle(options: BundleOptions): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: compiled('workflows/index.js'),
    logger: new DefaultLogger('WARN'),
    ...(options.payloadsEncrypted && { failureConverterPath: ENCRYPTING_FAILURE_CONVERTER }),
    ...(options.traced && { workflowInterceptorModules: [TRACE_WORKFLOWS] }),
  });
  await writeFile(workflowBundle(options), code);
}

for (const payloadsEncrypted of [false, true])
  for (const traced of [false, true]) await bundle({ payloadsEncrypted, traced });
