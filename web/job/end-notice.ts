import type { JobDetails } from '../../api/types.js';
import { formatCount } from '../format.js';
import { element, icon } from '../dom.js';
import { emptyState, errorState } from '../parts/states.js';

/** Notice for a failed or cancelled job; empty for any other job. */
export function endNotice(job: JobDetails): readonly HTMLElement[] {
  const { status, error, progress, result } = job;
  const done = progress?.frames_done ?? 0;
  const far = progress
    ? `${formatCount(done)} of ${formatCount(progress.frames_total)} frames`
    : 'some frames';
  if (status === 'failed') {
    const message = error?.message ?? 'The reason is unknown.';
    if (done === 0) return [errorState(message, undefined, { title: 'The job failed' })];
    return [
      notice('alert-danger', 'The job failed', `${message} Detections in ${far} are shown below.`),
    ];
  }
  if (status !== 'cancelled') return [];
  if (result === null && done === 0) {
    return [emptyState('film', 'The job was cancelled', 'No frames had been processed.')];
  }
  const rest = `Detections in ${far} are shown below. “Run again with …” starts it from the beginning.`;
  return [notice('alert-warning', 'The job was cancelled', rest)];
}

function notice(kind: string, title: string, text: string): HTMLElement {
  return element(
    'div',
    { class: `alert notice ${kind}`, role: 'status' },
    icon('warning'),
    element('div', {}, element('strong', {}, title), element('div', { class: 'text-break' }, text)),
  );
}
