import { beforeEach, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { submitOnce } from './idempotency.js';

const jobOf = (event_id: string) => ({
  ...{ event_id, video_id: 'cars', workflow_id: `video-detection/${event_id}`, run_id: 'r1' },
});
/** The method that is used. */
const client = {
  job: (eventId: string) => Promise.resolve(jobOf(eventId)),
} as unknown as VidetteClient;

let services: Parameters<typeof submitOnce>[0];
let submitted: number;
beforeEach(() => {
  services = { client, documents: createMemoryDocumentStore() };
  submitted = 0;
});

const submit = (caller: string | undefined, content: unknown, key?: string) =>
  submitOnce(services, { caller, key, content }, () =>
    Promise.resolve({ ...jobOf(`e${++submitted}`), started: true }),
  );

describe('submitOnce', () => {
  it('returns the job of the first request with this key of this caller', async () => {
    expect(await submit('one', { every: 1 }, '1')).toMatchObject({ event_id: 'e1', started: true });
    expect(await submit('one', { every: 1 }, '1')).toMatchObject({
      event_id: 'e1',
      started: false,
    });
    expect(await submit('one', { every: 1 })).toMatchObject({ event_id: 'e2', started: true });
  });

  it('rejects another request with the same key', async () => {
    await submit('one', { every: 1 }, '1');
    await expect(submit('one', { every: 2 }, '1')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('does not mix the keys of callers', async () => {
    await submit('one', { every: 1 }, '1');
    expect(await submit('other', { every: 2 }, '1')).toMatchObject({ event_id: 'e2' });
    expect(await submit(undefined, { every: 3 }, '1')).toMatchObject({ event_id: 'e3' });
  });
});
