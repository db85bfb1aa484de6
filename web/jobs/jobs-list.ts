import type { Job } from '../../api/types.js';
import { API_BACK } from '../api/connection.js';
import { streamProgress } from '../api/job-streams.js';
import { isClosed, type JobPage, type JobSearch, listJobs } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { showMessage } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { jobRow, type JobRow } from './job-row.js';
import { getTemporalUi, type TemporalUi } from './workflow-url.js';

/** Interval between reads of the list. */
const POLL_MS = 4000;
/** Maximum number of progress streams: a browser opens six connections per server. */
const MAX_FOLLOWED = 3;

interface JobsList {
  readonly root: HTMLElement;
  search(search: JobSearch): void;
  refresh(): void;
}

/** List of the jobs that match a search, kept up to date until the page is left. */
export function jobsList(signal: AbortSignal): JobsList {
  const root = element('section', { 'aria-label': 'List of jobs' }, loadingState('Loading jobs'));
  const rows = createRows(signal, () => void refresh());
  let query: JobSearch = {};
  let shown = '';
  let latestRequest = 0;
  const refresh = async () => {
    const request = ++latestRequest;
    try {
      const page = await listJobs(query, signal);
      const state = JSON.stringify([page.jobs.map(drawnState), page.next, query]);
      if (request !== latestRequest || state === shown) return;
      const content = await draw(page);
      if (request !== latestRequest) return;
      shown = state;
      replaceKeepingFocus(root, content);
    } catch (error) {
      if (signal.aborted || request !== latestRequest) return;
      const message = messageOf(error);
      if (shown === message) return; // keeps the focus on the retry button
      shown = message;
      root.replaceChildren(errorState(message, () => void refresh()));
    }
  };
  const draw = async ({ jobs, next }: JobPage) => {
    if (jobs.length === 0) return [emptyList(query)];
    const temporal = await getTemporalUi();
    const list = element('ul', { class: 'job-list card' });
    list.append(...rows.draw(jobs, temporal, () => void refresh()));
    return [list, ...(next === null ? [] : [moreButton(list, next, temporal)])];
  };
  const moreButton = (list: HTMLElement, cursor: string, temporal: TemporalUi | undefined) => {
    const button = element('button', { class: 'btn btn-outline-secondary more' }, 'Older jobs');
    const load = async () => {
      const { jobs, next } = await listJobs({ ...query, cursor }, signal);
      list.append(...rows.draw(jobs, temporal, () => void refresh()));
      if (next === null) button.remove();
      else button.replaceWith(moreButton(list, next, temporal));
    };
    button.addEventListener('click', () => {
      load().catch((error: unknown) => showMessage(messageOf(error), 'error'));
    });
    return button;
  };
  const timer = setInterval(() => void refresh(), POLL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  addEventListener(API_BACK, () => void refresh(), { signal });
  void refresh();
  const search = (next: JobSearch) => {
    query = next;
    void refresh();
  };
  return { root, search, refresh: () => void refresh() };
}

/** Replaces the list and restores the focus to the same control of the same job, if it still exists. */
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

function emptyList({ text, status }: JobSearch): HTMLElement {
  return text || status
    ? emptyState('search', 'No matching jobs', 'Try another part of the id or another status.')
    : emptyState('film', 'No jobs yet', 'Add a video above to start the first job.');
}

/** Fields of a job that its row shows, without those that change with every read. */
function drawnState({ event_id, status, error, model }: Job) {
  return { event_id, status, error, model };
}

/** Draws rows and follows the progress of some running jobs across redraws. */
function createRows(signal: AbortSignal, onEnd: () => void) {
  const rows = new Map<string, JobRow>();
  const followed = new Set<string>();
  const follow = async (eventId: string) => {
    followed.add(eventId);
    try {
      for await (const now of streamProgress(eventId, signal)) rows.get(eventId)?.showProgress(now);
      onEnd();
    } catch (error) {
      showMessage(messageOf(error), 'error');
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
