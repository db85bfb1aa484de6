import type { Job } from '../../api/types.js';
import { differentSampling } from '../../domain/result/diff/comparable.js';
import { listJobs } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { type Child, element } from '../dom.js';
import { formatDiffLink } from '../diff/diff-link.js';
import { errorState, loadingState } from '../parts/states.js';
import { describeOptions, describeRun, titleOf } from './job-text.js';

const PAGE = 100;
const HINT =
  'No other job of this video has a result of the same frames. Run it again with another model.';

/** Offers the jobs of the same video and the same frames; a choice opens the comparison. */
export function showCompareDialog(job: Job): void {
  const left = new AbortController();
  const list = element('div', {}, loadingState('Loading jobs'));
  const close = element('button', { class: 'btn btn-outline-secondary', type: 'button' }, 'Close');
  const dialog = element(
    'dialog',
    { class: 'dialog dialog-wide', 'aria-labelledby': 'compare-title' },
    element('h2', { id: 'compare-title' }, `Compare ${titleOf(job)} with`),
    list,
    element('div', { class: 'dialog-buttons' }, close),
  );
  close.addEventListener('click', () => dialog.close());
  list.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a')) dialog.close();
  });
  dialog.addEventListener('close', () => {
    left.abort();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  const load = async () => {
    try {
      const others = await findComparable(job, left.signal);
      list.replaceChildren(...drawList(job, others));
    } catch (error) {
      if (!left.signal.aborted)
        list.replaceChildren(errorState(messageOf(error), () => void load()));
    }
  };
  void load();
}

/** Finds the other jobs with a result of the same frames, newest first. */
async function findComparable(job: Job, signal: AbortSignal): Promise<readonly Job[]> {
  const { video_id: video, event_id, parameters } = job;
  const found: Job[] = [];
  if (video === null) return found;
  let cursor: string | undefined;
  do {
    const page = await listJobs({ video, limit: PAGE, ...(cursor && { cursor }) }, signal);
    const comparable = page.jobs.filter(
      (other) =>
        other.result !== null &&
        other.video_id === video &&
        other.event_id !== event_id &&
        differentSampling(other.parameters ?? {}, parameters ?? {}).length === 0,
    );
    found.push(...comparable);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && found.length < PAGE);
  return found;
}

function drawList(job: Job, others: readonly Job[]): readonly Node[] {
  if (others.length === 0) return [element('p', { class: 'text-body-secondary' }, HINT)];
  return [
    element('ul', { class: 'compare-list' }, ...others.map((other) => compareRow(job, other))),
  ];
}

/** The older job is A, so that changes lead to the newer one. */
function compareRow(job: Job, other: Job): Child {
  const isOlder = (other.started_at ?? '') < (job.started_at ?? '');
  const [a, b] = isOlder ? [other, job] : [job, other];
  const href = formatDiffLink({ a: a.event_id, b: b.event_id });
  return element(
    'li',
    {},
    element('a', { href, title: other.event_id }, describeOptions(other) || other.event_id),
    element('div', { class: 'job-facts' }, describeRun(other)),
  );
}
