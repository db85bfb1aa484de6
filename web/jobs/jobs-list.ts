import { type JobPage, type JobSearch, listJobs } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { showMessage } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { keepCurrent } from '../parts/keep-current.js';
import { createRows, drawnState } from './list-rows.js';
import { getTemporalUi, type TemporalUi } from './workflow-url.js';

const INTRODUCTION =
  'Vidette finds objects in videos: add a video above, choose what to look for, and see on which ' +
  'frames it appears.';

interface JobsList {
  readonly root: HTMLElement;
  search(search: JobSearch): void;
  refresh(): void;
}

interface JobsListOptions {
  /** Search to begin with. */
  readonly query: JobSearch;
  /** Called when the user asks for the sample video. */
  readonly onSample: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** List of the jobs that match a search, kept up to date until the page is left. */
export function jobsList({ query: first, onSample, signal }: JobsListOptions): JobsList {
  const root = element('section', { 'aria-label': 'List of jobs' }, loadingState('Loading jobs'));
  const rows = createRows(signal, () => void refresh());
  let query = first;
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
      replaceKeepingFocus(root, content, 'data-event');
    } catch (error) {
      if (signal.aborted || request !== latestRequest) return;
      const message = messageOf(error);
      if (shown === message) return; // keeps the focus on the retry button
      shown = message;
      root.replaceChildren(errorState(message, () => void refresh()));
    }
  };
  const draw = async ({ jobs, next }: JobPage) => {
    if (jobs.length === 0) return [emptyList(query, onSample)];
    const temporal = await getTemporalUi();
    const list = element('ul', { class: 'job-list card' });
    list.append(...rows.draw(jobs, temporal));
    return [list, ...(next === null ? [] : [moreButton(list, next, temporal)])];
  };
  const moreButton = (list: HTMLElement, cursor: string, temporal: TemporalUi | undefined) => {
    const button = element('button', { class: 'btn btn-outline-secondary more' }, 'Older jobs');
    const load = async () => {
      const { jobs, next } = await listJobs({ ...query, cursor }, signal);
      list.append(...rows.draw(jobs, temporal));
      if (next === null) button.remove();
      else button.replaceWith(moreButton(list, next, temporal));
    };
    button.addEventListener('click', () => {
      load().catch((error: unknown) => showMessage(messageOf(error), 'error'));
    });
    return button;
  };
  keepCurrent(refresh, signal);
  const search = (next: JobSearch) => {
    query = next;
    void refresh();
  };
  return { root, search, refresh: () => void refresh() };
}

function emptyList({ text, status, batch }: JobSearch, onSample: () => Promise<void>): HTMLElement {
  if (text || status) {
    return emptyState(
      'search',
      'No matching jobs',
      'Try another part of the name or another status.',
    );
  }
  if (batch) return emptyState('film', 'No jobs yet', 'A job is listed here once it has started.');
  const empty = emptyState('film', 'No jobs yet', INTRODUCTION);
  empty.append(sampleButton(onSample));
  return empty;
}

function sampleButton(onSample: () => Promise<void>): HTMLElement {
  const button = element('button', { class: 'btn btn-outline-primary' }, 'Try the sample video');
  const add = async () => {
    button.disabled = true;
    fill(button, 'Rendering the sample …');
    await onSample().catch((error: unknown) => showMessage(messageOf(error), 'error'));
    button.disabled = false;
    fill(button, 'Try the sample video');
  };
  button.addEventListener('click', () => void add());
  return button;
}
