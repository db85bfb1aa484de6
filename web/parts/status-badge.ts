import type { JobStatus } from '../../api/types.js';
import { element } from '../dom.js';

/** Badge that shows the status of a job by text and colour. */
export function statusBadge(status: JobStatus): HTMLElement {
  return element('span', { class: `status status-${status}` }, status);
}
