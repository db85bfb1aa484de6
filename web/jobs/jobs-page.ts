import type { JobStatus } from '../../api/types.js';
import { element } from '../dom.js';
import type { Page } from '../router.js';
import { jobsList } from './jobs-list.js';
import { stageSample, submitCard } from './submit-card.js';

const STATUSES: readonly JobStatus[] = [
  'processing',
  'predictable',
  'ready',
  'failed',
  'cancelled',
];
/** Time without typing after which a search starts. */
const TYPING_MS = 300;

/** Page that submits videos and lists jobs. */
export const jobsPage: Page = (target, signal) => {
  const search = element('input', {
    ...{
      type: 'search',
      class: 'form-control',
      placeholder: 'Search',
      'aria-label': 'Search jobs',
    },
  });
  const status = element(
    'select',
    { class: 'form-select', 'aria-label': 'Status' },
    element('option', { value: '' }, 'Any status'),
    ...STATUSES.map((name) => element('option', { value: name }, name)),
  );
  const list = jobsList(signal, stageSample);
  const apply = () => {
    const selected = STATUSES.find((name) => name === status.value);
    list.search({ text: search.value.trim(), ...(selected && { status: selected }) });
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_MS);
  });
  status.addEventListener('change', apply);
  target.replaceChildren(
    element('h1', {}, 'Jobs'),
    submitCard(() => list.refresh()),
    element('div', { class: 'list-tools' }, search, status),
    list.root,
  );
};
