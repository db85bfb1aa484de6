import type { Job } from '../../api/types.js';
import { API_BACK } from '../api/connection.js';
import { progressOf } from '../api/job-streams.js';
import { isClosed, type JobPage, type JobSearch, listJobs } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { getSystem } from '../api/system.js';
import { element } from '../dom.js';
import { tell } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { jobRow, type JobRow } from './job-row.js';
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
      replaceKeepingFocus(root, content);
    } catch (error) {
      if (signal.aborted || mine !== turn) return;
      const message = messageOf(error);
      if (shown === message) return; // it is there already, perhaps with the focus on its button
      shown = message;
      root.replaceChildren(errorState(message, () => void refresh()));
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
  addEventListener(API_BACK, () => void refresh(), { signal });
  void refresh();
  const search = (next: JobSearch) => {
    wanted = next;
    void refresh();
  };
  return { root, search, refresh: () => void refresh() };
}

/** Draws a list anew; a link or button that had the focus has it still, as far as it is there. */
function replaceKeepingFocus(root: HTMLElement, content: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const row = root.contains(focused) ? focused?.closest('[data-event]') : null;
  const id = row?.getAttribute('data-event') ?? '';
  const position = row ? controlsOf(row).findIndex((control) => control === focused) : -1;
  root.replaceChildren(...content);
  const again = position < 0 ? null : root.querySelector(`[data-event="${CSS.escape(id)}"]`);
  if (again) (controlsOf(again)[position] ?? controlsOf(again)[0])?.focus();
}

const controlsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>('a, button')];

function nothing({ text, status }: JobSearch): HTMLElement {
  return text || status
    ? emptyState('search', 'No job fits', 'Search for another part of its id, or another status.')
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
