import type { Job } from '../../api/types.js';
import { type JobPage, type JobSearch, listJobs, progressOf } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { getSystem } from '../api/system.js';
import { element } from '../dom.js';
import { tell } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { isClosed, jobRow, type JobRow } from './job-row.js';
import type { TemporalUi } from './workflow-address.js';

/** The list is read again so often. */
const POLL_MS = 4000;
/** Jobs whose progress is followed at once: a browser has six connections to a server. */
const MAX_FOLLOWED = 3;

export interface JobsList {
  readonly root: HTMLElement;
  search(search: JobSearch): void;
  refresh(): void;
}

/** The jobs that a search finds, kept up to date until the page is left. */
export function jobsList(signal: AbortSignal): JobsList {
  const root = element('section', { 'aria-label': 'List of jobs' }, loadingState('Loading jobs'));
  const rows = createRows(signal, () => void refresh());
  let wanted: JobSearch = {};
  let shown = '';
  let turn = 0;
  const refresh = async () => {
    const mine = ++turn;
    try {
      const page = await listJobs(wanted, signal);
      const state = JSON.stringify([page.jobs.map(lasting), page.next, wanted]);
      if (mine !== turn || state === shown) return;
      const content = await draw(page);
      if (mine !== turn) return;
      shown = state;
      root.replaceChildren(...content);
    } catch (error) {
      if (signal.aborted || mine !== turn) return;
      shown = '';
      root.replaceChildren(errorState(messageOf(error), () => void refresh()));
    }
  };
  const draw = async ({ jobs, next }: JobPage) => {
    if (jobs.length === 0) return [nothing(wanted)];
    const temporal = await temporalUi();
    const list = element('ul', { class: 'job-list card' });
    list.append(...rows.draw(jobs, temporal, () => void refresh()));
    return [list, ...(next === null ? [] : [moreButton(list, next, temporal)])];
  };
  const moreButton = (list: HTMLElement, cursor: string, temporal: TemporalUi | undefined) => {
    const button = element('button', { class: 'btn btn-outline-secondary more' }, 'Older jobs');
    const load = async () => {
      const { jobs, next } = await listJobs({ ...wanted, cursor }, signal);
      list.append(...rows.draw(jobs, temporal, () => void refresh()));
      if (next === null) button.remove();
      else button.replaceWith(moreButton(list, next, temporal));
    };
    button.addEventListener('click', () => {
      load().catch((error: unknown) => tell(messageOf(error), 'error'));
    });
    return button;
  };
  const timer = setInterval(() => void refresh(), POLL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  void refresh();
  const search = (next: JobSearch) => {
    wanted = next;
    void refresh();
  };
  return { root, search, refresh: () => void refresh() };
}

function nothing({ text, status }: JobSearch): HTMLElement {
  return text || status
    ? emptyState('search', 'No job is like that', 'Change the search or the status.')
    : emptyState('film', 'No jobs yet', 'The first one starts with a video above.');
}

async function temporalUi(): Promise<TemporalUi | undefined> {
  const { temporal_ui, temporal_namespace } = await getSystem();
  return temporal_ui === null ? undefined : { address: temporal_ui, namespace: temporal_namespace };
}

/** What of a job is drawn in its row; how long it runs changes all the time. */
function lasting({ event_id, status, error, model }: Job) {
  return { event_id, status, error, model };
}

/** Draws rows, and follows the progress of some that run; what is followed goes on over redraws. */
function createRows(signal: AbortSignal, onEnd: () => void) {
  const rows = new Map<string, JobRow>();
  const followed = new Set<string>();
  const follow = async (eventId: string) => {
    followed.add(eventId);
    try {
      for await (const now of progressOf(eventId, signal)) rows.get(eventId)?.showProgress(now);
      onEnd();
    } catch (error) {
      tell(messageOf(error), 'error');
    } finally {
      followed.delete(eventId);
    }
  };
  const draw = (jobs: readonly Job[], temporal: TemporalUi | undefined, onChanged: () => void) =>
    jobs.map((job) => {
      const row = jobRow(job, { temporal, onChanged });
      rows.set(job.event_id, row);
      const isWanted = !isClosed(job) && followed.size < MAX_FOLLOWED;
      if (isWanted && !followed.has(job.event_id)) void follow(job.event_id);
      return row.root;
    });
  return { draw };
}
