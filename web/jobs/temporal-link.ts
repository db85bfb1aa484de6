import type { Job } from '../../api/types.js';
import { element, icon } from '../dom.js';
import { type TemporalUi, workflowUrl } from './workflow-url.js';

/** Link to a job's workflow in Temporal's Web UI; undefined without a Web UI or a workflow. */
export function temporalLink(ui: TemporalUi | undefined, job: Job): HTMLElement | undefined {
  const href = workflowUrl(ui, job);
  if (href === undefined) return undefined;
  const attributes = { class: 'btn btn-sm btn-outline-secondary', href };
  return element(
    'a',
    {
      ...{ ...attributes, target: '_blank', rel: 'noopener' },
      'aria-label': `Temporal workflow of ${job.event_id}`,
    },
    'Temporal ',
    icon('external'),
  );
}
