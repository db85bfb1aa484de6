import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../../domain/api-key.js';
import type { BatchDocument } from '../../domain/job/batch.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import type { PredictionDocument } from '../../domain/job/event.js';
import type { ImageBatchPosition } from '../../domain/ports/image-batch-store.js';
import type { BatchPosition } from '../../domain/ports/batch-store.js';
import type { DocumentStore, EventQuery } from '../../domain/ports/document-store.js';
import { eventDocument } from '../support/events.js';
import { imageBatchDocument } from '../support/image-batches.js';

/** Suite for every implementation of {@link DocumentStore}. */
export function documentStoreContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a document store`, () => {
    let store: DocumentStore;
    let id: string;
    let cases = 0;
    beforeEach(async () => {
      store ??= create();
      await store.ensureIndexes();
      id = `contract-${process.pid}-${cases++}`;
    });

    it('answers a ping', () => expect(store.ping()).resolves.toBeUndefined());

    it('inserts an event once, and finds it', async () => {
      const event = eventDocument({ event_id: id });
      expect(await store.findEvent(id)).toBeUndefined();
      expect(await store.insertEvent(event)).toBe(true);
      expect(await store.insertEvent({ ...event, video_id: 'other' })).toBe(false);
      expect(await store.findEvent(id)).toEqual(event);
    });

    it('updates an event of the same run only', async () => {
      await store.insertEvent(eventDocument({ event_id: id, run_id: `${id}-run` }));
      expect(await store.updateEvent(id, 'other-run', { frames_done: 1 })).toBe(false);
      expect(await store.updateEvent(id, `${id}-run`, { frames_done: 2 })).toBe(true);
      expect(await store.findEvent(id)).toMatchObject({ frames_done: 2, video_id: 'clip' });
      expect(await store.updateEvent(`${id}-absent`, `${id}-run`, {})).toBe(false);
    });

    it('closes an open event of a run once', async () => {
      const failed = { status: 'failed', error: 'lost', closed_at: new Date(9) } as const;
      await store.insertEvent(eventDocument({ event_id: id, run_id: `${id}-run` }));
      expect(await store.closeAbandoned(`${id}-run`, failed)).toBe(id);
      expect(await store.findEvent(id)).toMatchObject(failed);
      expect(await store.closeAbandoned(`${id}-run`, failed)).toBeUndefined();
      expect(await store.closeAbandoned('other-run', failed)).toBeUndefined();
    });

    it('hands an event to another run', async () => {
      await store.insertEvent(eventDocument({ event_id: id, run_id: 'first' }));
      await store.adoptEvent(id, { run_id: 'second' });
      expect(await store.updateEvent(id, 'second', { frames_done: 1 })).toBe(true);
    });

    it('lists events of a query, newest first and then by id', async () => {
      const at = (hour: number) => new Date(Date.UTC(2001, 0, 1, hour));
      for (const [name, hour] of [
        ['a', 1],
        ['b', 3],
        ['c', 3],
        ['d', 2],
      ] as const) {
        const event = { event_id: `${id}-${name}`, created_at: at(hour), video_id: `${id}-Video` };
        const video_name = name === 'd' ? `${id} Straße.mp4` : null;
        await store.insertEvent(eventDocument({ ...event, video_name }));
      }
      await store.updateEvent(`${id}-d`, 'run', { status: 'ready' });
      const list = async (query: Omit<EventQuery, 'limit'>, limit = 10) => {
        const listed = await store.listEvents({ text: id, limit, ...query });
        return listed.map(({ event_id }) => event_id.slice(id.length + 1)).join('');
      };
      expect(await list({})).toBe('cbda');
      expect(await list({}, 2)).toBe('cb');
      const after = { event_id: `${id}-c`, created_at: at(3) };
      expect(await list({ after })).toBe('bda');
      expect(await list({ status: 'ready' })).toBe('d');
      expect(await list({ text: `${id}-video` })).toBe('cbda');
      expect(await list({ text: `${id}-b` })).toBe('b');
      expect(await list({ text: `${id} straße` })).toBe('d');
      expect(await list({ text: `${id}.*` })).toBe('');
    });

    it('selects events by video, model, detected class and time', async () => {
      const model = { name: 'yolo', version: 2, sha256: 'a'.repeat(64) };
      const kinds = {
        a: { video_id: `${id}-Street`, video_name: `${id} Straße.mp4` },
        b: { model },
        c: { classes: ['dog', 'cat'] },
        d: { created_at: new Date(Date.UTC(2001, 0, 2)) },
      };
      for (const [name, fields] of Object.entries(kinds)) {
        const created_at = new Date(Date.UTC(2001, 0, 1));
        await store.insertEvent(
          eventDocument({ event_id: `${id}-${name}`, created_at, ...fields }),
        );
      }
      const list = async (query: Omit<EventQuery, 'limit'>) => {
        const listed = await store.listEvents({ text: id, limit: 10, ...query });
        return listed.map(({ event_id }) => event_id.slice(id.length + 1)).join('');
      };
      expect(await list({ video: `${id}-street` })).toBe('a');
      expect(await list({ video: `${id} straße.mp4` })).toBe('a');
      expect(await list({ video: `${id}-a` })).toBe('');
      expect(await list({ model: { name: 'yolo' } })).toBe('b');
      expect(await list({ model: { name: 'yolo', version: 2 } })).toBe('b');
      expect(await list({ model: { name: 'yolo', version: 1 } })).toBe('');
      expect(await list({ className: 'cat' })).toBe('c');
      expect(await list({ className: 'ca' })).toBe('');
      expect(await list({ since: new Date(Date.UTC(2001, 0, 2)) })).toBe('d');
    });

    it('finds the statuses of those of some ids that have an event', async () => {
      await store.insertEvent(eventDocument({ event_id: id, status: 'failed' }));
      const found = await store.findStatuses([`${id}-absent`, id]);
      expect([...found]).toEqual([[id, 'failed']]);
      expect([...(await store.findStatuses([]))]).toEqual([]);
    });

    it('selects events by their ids', async () => {
      for (const name of ['a', 'b', 'c']) {
        await store.insertEvent(eventDocument({ event_id: `${id}-${name}` }));
      }
      const eventIds = [`${id}-a`, `${id}-c`, `${id}-absent`];
      const listed = await store.listEvents({ eventIds, limit: 10 });
      expect(listed.map(({ event_id }) => event_id)).toEqual([`${id}-c`, `${id}-a`]);
      expect(await store.listEvents({ eventIds: [], limit: 10 })).toEqual([]);
    });

    it('keeps the first of two batches with one id', async () => {
      const batch = batchDocument({ batch_id: id });
      expect(await store.batches.find(id)).toBeUndefined();
      await store.batches.insert(batch);
      await store.batches.insert({ ...batch, jobs: [] });
      expect(await store.batches.find(id)).toEqual(batch);
    });

    it('finds batches by a job, and removes them', async () => {
      const jobs = ['a', 'b'].map((name) => ({ video_id: 'v', event_id: `${id}-${name}` }));
      await store.batches.insert(batchDocument({ batch_id: `${id}-1`, jobs }));
      await store.batches.insert(batchDocument({ batch_id: `${id}-2`, jobs: jobs.slice(1) }));
      const find = async (eventId: string) =>
        (await store.batches.findByJob(eventId)).map(({ batch_id }) => batch_id).sort();
      expect(await find(`${id}-a`)).toEqual([`${id}-1`]);
      expect(await find(`${id}-b`)).toEqual([`${id}-1`, `${id}-2`]);
      await store.batches.remove(`${id}-1`);
      await store.batches.remove(`${id}-1`);
      expect(await find(`${id}-a`)).toEqual([]);
      expect(await find(`${id}-b`)).toEqual([`${id}-2`]);
    });

    it('keeps which jobs of batches were deleted, until that is cleared', async () => {
      const jobs = ['a', 'b'].map((name) => ({ video_id: 'v', event_id: `${id}-${name}` }));
      const [both, last] = [jobs, jobs.slice(1)];
      await store.batches.insert(batchDocument({ batch_id: `${id}-1`, jobs: both }));
      await store.batches.insert(batchDocument({ batch_id: `${id}-2`, jobs: last }));
      const deleted = async (name: string) =>
        (await store.batches.find(`${id}-${name}`))?.deleted?.toSorted();
      await store.batches.markDeleted(`${id}-a`);
      await store.batches.markDeleted(`${id}-a`);
      expect(await deleted('1')).toEqual([`${id}-a`]);
      expect(await deleted('2')).toBeUndefined();
      await store.batches.markDeleted(`${id}-b`);
      expect(await deleted('1')).toEqual([`${id}-a`, `${id}-b`]);
      await store.batches.clearDeleted(`${id}-1`);
      await store.batches.clearDeleted(`${id}-none`);
      expect(await deleted('1')).toBeUndefined();
      expect(await deleted('2')).toEqual([`${id}-b`]);
    });

    it('lists batches, newest first and then by id', async () => {
      const [older, newer] = [new Date(Date.UTC(3001, 0, 1)), new Date(Date.UTC(3001, 0, 2))];
      const batches = { a: older, b: newer, c: newer };
      for (const [name, created_at] of Object.entries(batches)) {
        await store.batches.insert(batchDocument({ batch_id: `${id}-${name}`, created_at }));
      }
      const list = async (limit: number, after?: BatchPosition) => {
        const listed = await store.batches.list({ limit, after });
        return listed.map(({ batch_id }) => batch_id.slice(id.length + 1)).join('');
      };
      expect(await list(2)).toBe('cb');
      expect(await list(2, { batch_id: `${id}-c`, created_at: newer })).toBe('ba');
    });

    it('inserts a batch of images once, changes it and removes it', async () => {
      const batch = imageBatchDocument({ batch_id: id });
      const { imageBatches } = store;
      expect(await imageBatches.find(id)).toBeUndefined();
      expect(await imageBatches.insert(batch)).toBe(true);
      expect(await imageBatches.insert({ ...batch, conf: 0.9 })).toBe(false);
      const counts = { total: 3, done: 3, failed: 1 };
      await imageBatches.update(id, { status: 'ready', counts });
      await imageBatches.update(`${id}-none`, { status: 'ready' });
      expect(await imageBatches.find(id)).toEqual({ ...batch, status: 'ready', counts });
      await imageBatches.remove(id);
      await imageBatches.remove(id);
      expect(await imageBatches.find(id)).toBeUndefined();
      expect(await imageBatches.find(`${id}-none`)).toBeUndefined();
    });

    it('lists batches of images, newest first and then by id', async () => {
      const [older, newer] = [new Date(Date.UTC(3001, 0, 1)), new Date(Date.UTC(3001, 0, 2))];
      for (const [name, created_at] of Object.entries({ a: older, b: newer, c: newer })) {
        const batch = imageBatchDocument({ batch_id: `${id}-${name}`, created_at });
        await store.imageBatches.insert(batch);
      }
      const list = async (limit: number, after?: ImageBatchPosition) => {
        const listed = await store.imageBatches.list({ limit, after });
        return listed.map(({ batch_id }) => batch_id.slice(id.length + 1)).join('');
      };
      expect(await list(2)).toBe('cb');
      expect(await list(2, { batch_id: `${id}-c`, created_at: newer })).toBe('ba');
    });

    it('inserts predictions again without an error', async () => {
      const prediction = { frame: 0, objects: [] };
      const documents: PredictionDocument[] = [0, 1].map((frame_id) => ({
        ...{ _id: `${id}/${frame_id}`, event_id: id, frame_id, bucket: 'frames', prediction },
      }));
      await store.insertPredictions([]);
      await store.insertPredictions(documents.slice(0, 1));
      await expect(store.insertPredictions(documents)).resolves.toBeUndefined();
    });

    it('pages through the jobs that ended before a time', async () => {
      const ended = (name: string, status: JobStatus, minute: number | null) =>
        store.insertEvent(
          eventDocument({
            ...{ event_id: `${id}-${name}`, status },
            closed_at: minute === null ? null : new Date(Date.UTC(2000, 0, 1, 0, minute)),
          }),
        );
      await ended('a', 'ready', 1);
      await ended('b', 'failed', 2);
      await ended('c', 'cancelled', 3);
      await ended('d', 'ready', 5);
      await ended('e', 'processing', null);
      const before = new Date(Date.UTC(2000, 0, 1, 0, 5));
      const first = await store.findClosedIds({ before, after: `${id}-`, limit: 2 });
      expect(first).toEqual([`${id}-a`, `${id}-b`]);
      const rest = await store.findClosedIds({ before, after: first[1], limit: 2 });
      expect(rest.filter((found) => found.startsWith(id))).toEqual([`${id}-c`]);
    });

    it('finds the jobs of a video in a bucket', async () => {
      const video_id = `${id}-video`;
      for (const name of ['a', 'b', 'c'])
        await store.insertEvent(eventDocument({ event_id: `${id}-${name}`, video_id }));
      await store.insertEvent(
        eventDocument({ event_id: `${id}-d`, video_id, bucket: 'elsewhere' }),
      );
      expect(await store.findIdsOfVideo('videos', video_id, 2)).toEqual([`${id}-a`, `${id}-b`]);
      expect(await store.findIdsOfVideo('elsewhere', video_id, 2)).toEqual([`${id}-d`]);
      expect(await store.findIdsOfVideo('videos', `${id}-absent`, 2)).toEqual([]);
    });

    it('deletes the documents of one job only, and again without an error', async () => {
      const prediction = { frame: 0, objects: [] };
      for (const event_id of [id, `${id}0`]) {
        await store.insertEvent(eventDocument({ event_id }));
        await store.insertPredictions(
          [0, 1].map((frame_id) => ({
            ...{ _id: `${event_id}/${frame_id}`, event_id, frame_id, bucket: 'frames', prediction },
          })),
        );
        await store.claimRequest(`${event_id}-key`, 'content');
        await store.settleRequest(`${event_id}-key`, event_id);
      }
      expect(await store.deleteJob(id)).toBe(4);
      expect(await store.deleteJob(id)).toBe(0);
      expect(await store.findEvent(id)).toBeUndefined();
      expect(await store.claimRequest(`${id}-key`, 'other')).toMatchObject({ event_id: null });
      expect(await store.deleteJob(`${id}0`)).toBe(4);
    });

    it('keeps the first claim of a request', async () => {
      const first = await store.claimRequest(id, 'content');
      expect(first).toMatchObject({ content: 'content', event_id: null });
      await store.settleRequest(id, 'job');
      const again = await store.claimRequest(id, 'other content');
      expect(again).toMatchObject({ content: 'content', event_id: 'job' });
    });

    it('deletes requests before a time', async () => {
      await store.claimRequest(id, 'content');
      await store.forgetRequests(new Date(0));
      expect(await store.claimRequest(id, 'other')).toMatchObject({ content: 'content' });
      await store.forgetRequests(new Date(Date.now() + 60_000));
      expect(await store.claimRequest(id, 'other')).toMatchObject({ content: 'other' });
    });

    it('finds, lists and revokes API keys', async () => {
      const key = apiKey(id);
      await store.apiKeys.insert(key);
      expect(await store.apiKeys.find(key.hash)).toEqual(key);
      expect(await store.apiKeys.find('unknown')).toBeUndefined();
      expect(await store.apiKeys.list()).toContainEqual(key);
      const revoked_at = new Date(5000);
      expect(await store.apiKeys.revoke(key.name, revoked_at)).toBe(1);
      expect(await store.apiKeys.revoke(key.key_id, revoked_at)).toBe(0);
      expect(await store.apiKeys.find(key.hash)).toEqual({ ...key, revoked_at });
    });
  });
}

function batchDocument(fields: Partial<BatchDocument>): BatchDocument {
  return {
    ...{ batch_id: 'batch', created_at: new Date(0), options: { model: 'mock@1' }, priority: null },
    jobs: [{ video_id: 'clip', event_id: 'event' }],
    ...fields,
  };
}

function apiKey(id: string): ApiKey {
  const times = { created_at: new Date(1000), revoked_at: null };
  const key = { key_id: `${id}-id`, name: `${id}-name`, hash: `${id}-hash` };
  return { ...key, ...times, scopes: ['read'], rate_per_minute: 60 };
}
