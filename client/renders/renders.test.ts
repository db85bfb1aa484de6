import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { annotatedVideo } from './renders.js';

it('starts no render for a caller that may not start one', async () => {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
  await objects.put(BUCKETS.results, keys.result('e1'), '{}');
  const notFound = Object.assign(new Error('none'), { name: 'WorkflowNotFoundError' });
  const started: string[] = [];
  const workflow = {
    getHandle: () => ({ describe: () => Promise.reject(notFound) }),
    start: (name: string) => Promise.resolve(started.push(name)),
  };
  // The part that is used of the client, and of its data converter.
  const temporal = {
    workflow,
    options: { loadedDataConverter: { payloadCodecs: [] } },
  } as unknown as Client;
  const video = await annotatedVideo({ temporal, objects }, 'e1', { start: false, timeoutMs: 0 });
  expect(video).toEqual({ state: 'making', frames_done: 0, frames_total: 0 });
  expect(started).toEqual([]);
});
