import type { SystemInfo } from '../../api/types.js';
import { jobPageHash } from '../api/jobs.js';
import { element } from '../dom.js';
import { formatBytes, formatDate } from '../format.js';
import type { Fact } from '../parts/fact-grid.js';
import { factList } from './facts.js';

type Storage = Pick<SystemInfo, 'disk' | 'stored'>;
type Stored = NonNullable<Storage['stored']>;

/** Creates the free space of the disk, the stored bytes and the largest jobs. */
export function storageView(storage: Storage): HTMLElement {
  const largest = storage.stored?.largest_jobs ?? [];
  return element(
    'div',
    {},
    factList(storageFacts(storage)),
    ...(largest.length > 0
      ? [element('h3', { class: 'largest-jobs-title' }, 'Largest jobs'), largestJobs(largest)]
      : []),
  );
}

/** Facts about the free space of the disk and the bytes of jobs, batches, videos and models. */
export function storageFacts({ disk, stored }: Storage): Fact[] {
  return [
    ...(disk
      ? ([
          ['Free disk', `${formatBytes(disk.free_bytes)} of ${formatBytes(disk.size_bytes)}`],
        ] as const)
      : []),
    ...(stored ? storedFacts(stored) : ([['Stored', 'being measured']] as const)),
  ];
}

function storedFacts({
  jobs_bytes,
  image_batches_bytes,
  videos_bytes,
  models_bytes,
  measured_at,
}: Stored): Fact[] {
  return [
    ['Jobs', formatBytes(jobs_bytes)],
    ['Image batches', formatBytes(image_batches_bytes)],
    ['Videos', formatBytes(videos_bytes)],
    ['Models', formatBytes(models_bytes)],
    ['Measured', formatDate(measured_at)],
  ];
}

function largestJobs(jobs: Stored['largest_jobs']): HTMLElement {
  const rows = jobs.map(({ event_id, bytes }) =>
    element(
      'li',
      {},
      element('a', { href: jobPageHash(event_id) }, event_id),
      element('span', {}, formatBytes(bytes)),
    ),
  );
  return element('ol', { class: 'largest-jobs' }, ...rows);
}
