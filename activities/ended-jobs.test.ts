import { expect, it } from 'vitest';
import type { EventDocument } from '../domain/job/event.js';
import { BUCKETS, keys } from '../domain/names.js';
import { reelWorkflowIdOf } from '../domain/workflow-ids.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { endedBefore } from './ended-jobs.js';

const BEFORE = '2026-01-01T00:00:00.000Z';
const REEL = { a: 'e0', b: 'e1', conf_a: 0.25, conf_b: 0.3 };
const EARLIER = new Date(Date.parse(BEFORE) - 1);

it.each<[string, Partial<EventDocument> | undefined, isRunning: boolean, expected: boolean]>([
  ['ended before', { status: 'ready', closed_at: EARLIER }, false, true],
  ['was cancelled before', { status: 'cancelled', closed_at: EARLIER }, false, true],
  ['ended at that time', { status: 'ready', closed_at: new Date(BEFORE) }, false, false],
  ['is processing', { status: 'processing', closed_at: null }, false, false],
  ['was started again', { status: 'failed', closed_at: EARLIER }, true, false],
  ['does not exist', undefined, false, false],
])(
  'reports whether a job that %s has ended before a time',
  async (_, event, isRunning, expected) => {
    const found = event && eventDocument({ event_id: 'e1', workflow_id: 'nightly', ...event });
    const requested: unknown[] = [];
    const objects = createMemoryObjectStore();
    await objects.ensureBucket(BUCKETS.results);
    await objects.put(BUCKETS.results, keys.reelUse('e1', REEL), '');
    const deps = {
      objects,
      documents: { findEvent: () => Promise.resolve(found) },
      jobRuns: {
        isRunning: (job: object) => {
          requested.push(job);
          return Promise.resolve(isRunning);
        },
      },
    };
    expect(await endedBefore(deps, { event_id: 'e1', ended_before: BEFORE })).toBe(expected);
    if (expected || isRunning)
      expect(requested).toEqual([
        { eventId: 'e1', workflowId: 'nightly', renders: [reelWorkflowIdOf(REEL)] },
      ]);
  },
);
