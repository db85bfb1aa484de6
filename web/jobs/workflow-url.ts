import type { Job } from '../../api/types.js';
import { getSystem } from '../api/system.js';

/** URL of Temporal's Web UI, and the namespace of the workflows. */
export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

/** Reads where Temporal's Web UI is; undefined if none is configured. */
export async function getTemporalUi(): Promise<TemporalUi | undefined> {
  const { temporal_ui, temporal_namespace } = await getSystem();
  return temporal_ui === null ? undefined : { url: temporal_ui, namespace: temporal_namespace };
}

/** URL of a job's workflow in Temporal's Web UI; undefined without a Web UI or a workflow. */
export function workflowUrl(
  temporal: TemporalUi | undefined,
  { workflow_id, run_id }: Pick<Job, 'workflow_id' | 'run_id'>,
): string | undefined {
  if (!temporal || workflow_id === null) return undefined;
  const parts = ['namespaces', temporal.namespace, 'workflows', workflow_id, run_id];
  const path = parts.filter((part) => part !== null).map(encodeURIComponent);
  return `${temporal.url.replace(/\/$/, '')}/${path.join('/')}`;
}
