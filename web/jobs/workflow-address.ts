import type { Job } from '../../api/types.js';

/** Where Temporal's Web UI is. */
export interface TemporalUi {
  readonly address: string;
  readonly namespace: string;
}

/** Where Temporal's Web UI shows a job's workflow; undefined where it shows none. */
export function workflowAddress(
  temporal: TemporalUi | undefined,
  { workflow_id, run_id }: Pick<Job, 'workflow_id' | 'run_id'>,
): string | undefined {
  if (!temporal || workflow_id === null) return undefined;
  const parts = ['namespaces', temporal.namespace, 'workflows', workflow_id, run_id];
  const path = parts.filter((part) => part !== null).map(encodeURIComponent);
  return `${temporal.address.replace(/\/$/, '')}/${path.join('/')}`;
}
