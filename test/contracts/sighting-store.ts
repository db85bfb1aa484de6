import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { SightingFilter } from '../../domain/ports/sighting-store.js';
import { type Sighting, sightingOfCamera, sightingOfJob } from '../../domain/search/sighting.js';

/** Suite for the sightings of every implementation of {@link DocumentStore}. */
export function sightingStoreContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a store of sightings`, () => {
    let store: DocumentStore;
    let id: string;
    let cases = 0;
    beforeEach(() => {
      store ??= create();
      id = `sightings-${process.pid}-${cases++}`;
    });

    /** A second of the class of this test in a job that began in an hour of a day. */
    const seen = (hour: number, frame: number, max_conf: number, className = id): Sighting => {
      const created_at = new Date(Date.UTC(2026, 4, 4, hour)).toISOString();
      const job = { event_id: `${id}-${hour}`, video_id: `${id}-v${hour % 2}`, created_at };
      const time = { from_ms: frame * 40, to_ms: frame * 40 + 1000, first_frame: frame };
      const best = { frame, timestamp_ms: frame * 40, box: [0, 0, 1, 1] as const };
      return sightingOfJob(job, { class: className, ...time, frames: 3, max_conf, best });
    };
    const list = (filter: SightingFilter = {}, limit = 10, after?: string) =>
      store.sightings.list({ className: id, ...filter, limit, after });

    it('lists the newest first and those of a job by their frame, in pages', async () => {
      const sorted = [seen(9, 0, 0.3), seen(9, 40, 0.9), seen(8, 5, 0.55), seen(7, 5, 1)];
      await store.sightings.put([sorted[2]!, sorted[0]!]);
      await store.sightings.put([sorted[3]!, sorted[1]!]);
      const paged: Sighting[] = [];
      for (;;) {
        const page = await list({}, 1, paged.at(-1)?.sighting_id);
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(sorted);
    });

    it('stores a sighting once, in place of its earlier state', async () => {
      const earlier = seen(9, 0, 0.3);
      await store.sightings.put([earlier]);
      const later = { ...earlier, to_ms: 9000, max_conf: 0.8 };
      await store.sightings.put([later]);
      await store.sightings.put([later]);
      expect(await list()).toEqual([later]);
      expect(await list({ minConf: 0.5 })).toEqual([later]);
      await store.sightings.put([]);
    });

    it('selects by confidence, also between two tenths', async () => {
      const [low, middle, high] = [seen(9, 0, 0.3), seen(9, 1, 0.55), seen(9, 2, 1)];
      await store.sightings.put([low, middle, high]);
      expect(await list({ minConf: 0.3 })).toEqual([low, middle, high]);
      expect(await list({ minConf: 0.55 })).toEqual([middle, high]);
      expect(await list({ minConf: 0.56 })).toEqual([high]);
      expect(await list({ minConf: 1 })).toEqual([high]);
    });

    it('selects by class, video, job and time', async () => {
      const [nine, eight, other] = [seen(9, 0, 0.5), seen(8, 0, 0.5), seen(8, 1, 0.5, `${id}-b`)];
      await store.sightings.put([nine, eight, other]);
      const at = (hour: number) => new Date(Date.UTC(2026, 4, 4, hour));
      expect(await list({ className: undefined, eventId: `${id}-8` })).toEqual([eight, other]);
      expect(await list({ className: undefined, videoId: `${id}-v0`, minConf: 0.5 })).toEqual([
        eight,
        other,
      ]);
      expect(await list({ videoId: `${id}-v1` })).toEqual([nine]);
      expect(await list({ from: at(9) })).toEqual([nine]);
      expect(await list({ to: at(9) })).toEqual([eight]);
      expect(await list({ from: at(8), to: at(9) })).toEqual([eight]);
      expect(await list({ to: at(10) }, 10, nine.sighting_id)).toEqual([eight]);
    });

    it('deletes the sightings of a job with the job only', async () => {
      await store.sightings.put([seen(9, 0, 0.5), seen(9, 1, 0.5), seen(8, 0, 0.5)]);
      expect(await store.deleteJob(`${id}-9`)).toBe(2);
      expect(await list()).toEqual([seen(8, 0, 0.5)]);
      expect(await store.sightings.removeOfJob(`${id}-8`)).toBe(1);
      expect(await store.sightings.removeOfJob(`${id}-8`)).toBe(0);
    });

    it('removes the sightings of a camera from before a time', async () => {
      const uuid = `00000000-0000-4000-8000-${String(Date.now() + cases)
        .slice(-12)
        .padStart(12, '0')}`;
      const seenBy = (at: number) => sightingOfCamera(uuid, { ...seen(9, 0, 0.5), from_ms: at });
      await store.sightings.put([seenBy(1000), seenBy(2000)]);
      expect(await store.sightings.removeOfCamera(uuid, new Date(2000))).toBe(1);
      const left = await list({ scenarioUuid: uuid });
      expect(left.map(({ at }) => at)).toEqual([new Date(2000)]);
    });
  });
}
