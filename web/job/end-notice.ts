import type { JobDetails } from '../../api/types.js';
import { count } from '../format.js';
import { element, icon } from '../dom.js';
import { emptyState, errorState } from '../parts/states.js';

/** What is to be said of a job that did not end with a whole result; nothing of one that did. */
export function endNotice(job: JobDetails): readonly HTMLElement[] {
  const { status, error, progress, result } = job;
  const done = progress?.frames_done ?? 0;
  const far = progress ? `${count(done)} of ${count(progress.frames_total)} frames` : 'some frames';
  if (status === 'failed') {
    const message = error?.message ?? 'Nothing is known of why.';
    if (done === 0) return [errorState(message, undefined, { title: 'The job failed' })];
    return [
      notice('alert-danger', 'The job failed', `${message} Below is what it found in ${far}.`),
    ];
  }
  if (status !== 'cancelled') return [];
  if (result === null && done === 0) {
    return [emptyState('film', 'The job was cancelled', 'It had not detected any frame yet.')];
  }
  const rest = `Below is what it found in ${far}. “Run again” starts it from the beginning.`;
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
