import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { beforeEach, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { cancelRender } from './cancel-render.js';
import { annotatedVideo } from './renders.js';

const objects = createMemoryObjectStore();
let calls: string[];

beforeEach(async () => {
  calls = [];
  await objects.ensureBucket(BUCKETS.results);
  await objects.put(BUCKETS.results, keys.result('e1'), '{}');
});

/** A client of Temporal whose render is in a state, or without a render; `calls` lists its changes. */
function temporalWith(name: 'RUNNING' | 'PAUSED' | undefined): Client {
  const run = { status: { name }, raw: {} };
  const missing = new WorkflowNotFoundError('none', 'w', undefined);
  const handle = {
    describe: () => (name ? Promise.resolve(run) : Promise.reject(missing)),
    cancel: () => Promise.resolve(calls.push('cancel')),
    result: () => new Promise(() => undefined), // the run does not end
  };
  const start = () => Promise.resolve(calls.push('start'));
  const options = { loadedDataConverter: { payloadCodecs: [] } };
  return { workflow: { getHandle: () => handle, start }, options } as unknown as Client; // what renders call
}

it('starts no render for a caller that may not start one', async () => {
  const deps = { temporal: temporalWith(undefined), objects };
  const video = await annotatedVideo(deps, 'e1', { start: false, timeoutMs: 0 });
  expect(video).toEqual({ state: 'making', frames_done: 0, frames_total: 0 });
  expect(calls).toEqual([]);
});

it.each(['RUNNING', 'PAUSED'] as const)('treats a render that is %s as open', async (name) => {
  const deps = { temporal: temporalWith(name), objects };
  const video = await annotatedVideo(deps, 'e1', { timeoutMs: 0 });
  expect(video).toMatchObject({ state: 'making' });
  // A cancellation uses the client of Temporal only, unless nothing is in progress.
  expect(await cancelRender(deps as VidetteClientDeps, 'e1', 'annotated')).toBe(true);
  expect(calls).toEqual(['start', 'cancel']);
});
