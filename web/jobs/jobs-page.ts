import type { JobStatus } from '../../api/types.js';
import type { JobSearch } from '../api/jobs.js';
import { element, icon } from '../dom.js';
import type { Page } from '../router.js';
import { imageBatchList } from '../image-batches/image-batch-list.js';
import { batchList } from './batch-list.js';
import { jobsList } from './jobs-list.js';
import { stageSample, submitCard } from './submit-card.js';
import { videoWall } from './video-wall.js';

const STATUSES: readonly JobStatus[] = [
  'processing',
  'predictable',
  'ready',
  'failed',
  'cancelled',
];
/** Time without typing after which a search starts. */
const TYPING_MS = 300;

/** Page that submits videos and lists batches and jobs, or the jobs of the batch in its query. */
export const jobsPage: Page = (target, signal, _parameter, query) => {
  const batchId = query.get('batch') ?? undefined;
  const ofBatch = batchId === undefined ? {} : { batch: batchId };
  const list = jobsList({ query: ofBatch, onSample: stageSample, signal });
  const batches = batchList({ batchId, onChanged: () => list.refresh(), signal });
  const imageBatches = imageBatchList(signal);
  imageBatches.hidden = batchId !== undefined;
  const tools = listTools((search) => {
    list.search({ ...search, ...ofBatch });
    const isSearch = Object.keys(search).length > 0;
    batches.root.hidden = batchId === undefined && isSearch;
    imageBatches.hidden = batchId !== undefined || isSearch;
  });
  const onStarted = () => {
    list.refresh();
    batches.refresh();
  };
  const head =
    batchId === undefined
      ? [element('h1', {}, 'Jobs'), videoWall(signal), submitCard(onStarted, signal)]
      : [allJobsLink(), element('h1', {}, 'Jobs of a batch')];
  target.replaceChildren(...head, tools, batches.root, imageBatches, list.root);
};

const allJobsLink = () =>
  element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'All jobs');

/** Fields that search the list by text and status. */
function listTools(onSearch: (search: Pick<JobSearch, 'text' | 'status'>) => void): HTMLElement {
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
  const apply = () => {
    const text = search.value.trim();
    const selected = STATUSES.find((name) => name === status.value);
    onSearch({ ...(text !== '' && { text }), ...(selected && { status: selected }) });
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_MS);
  });
  status.addEventListener('change', apply);
  return element('div', { class: 'list-tools' }, search, status);
}
