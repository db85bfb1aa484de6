import { writeFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { projectFile } from '../../platform/package-root.js';
import { scrubHistory } from '../support/histories.js';

/** Records the history of a workflow's newest run, or of the given run, as a fixture. */
export async function recordHistory(
  client: Client,
  name: string,
  workflowId: string,
  runId?: string,
): Promise<void> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  await writeFile(projectFile(`test/fixtures/histories/${name}.json`), scrubHistory(history));
}
