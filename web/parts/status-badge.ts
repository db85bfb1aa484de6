import type { JobStatus } from '../../api/types.js';
import { element } from '../dom.js';

/** The status of a job, by word and colour. */
export function statusBadge(status: JobStatus): HTMLElement {
  return element('span', { class: `status status-${status}` }, status);
}
