import { beforeEach, expect, it } from 'vitest';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { BUCKETS, keys } from '../names.js';
import { findPrunable, type PrunableQuery } from './prunable-jobs.js';

const JOBS = 450;
const BEFORE = new Date(1000);
const idOf = (job: number) => `job-${String(job).padStart(3, '0')}`;

const documents = createMemoryDocumentStore();
const objects = createMemoryObjectStore();
beforeEach(async () => {
  await objects.ensureBucket(BUCKETS.frames);
  for (let job = 0; job < JOBS; job++) {
    const closed_at = new Date(job === 1 ? 1000 : 999);
    const status = job === 2 ? 'processing' : 'ready';
    await documents.insertEvent(eventDocument({ event_id: idOf(job), status, closed_at }));
  }
  for (const job of [0, 2, 399]) await objects.put(BUCKETS.frames, keys.frame(idOf(job), 0), 'x');
});

/** Reads all pages. */
async function findAll(query: Pick<PrunableQuery, 'framesOnly'>): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await findPrunable({ documents, objects }, { before: BEFORE, after, ...query });
    pages.push([...page.event_ids]);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

it('pages through the jobs that ended before a time', async () => {
  const pages = await findAll({ framesOnly: false });
  const ended = Array.from({ length: JOBS }, (_, job) => job).filter(
    (job) => ![1, 2].includes(job),
  );
  expect(pages.map((page) => page.length)).toEqual([200, 200, 48]);
  expect(pages.flat()).toEqual(ended.map(idOf));
});

it('finds only jobs with stored frames, also after a page without one', async () => {
  expect(await findAll({ framesOnly: true })).toEqual([[idOf(0)], [idOf(399)], []]);
});
