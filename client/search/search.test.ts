import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { sightingOfJob } from '../../domain/search/sighting.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { findSightings } from './search.js';

const JOB = { event_id: 'e', video_id: 'v', created_at: '2026-05-04T09:30:00.000Z' };
const seen = (frame: number, name = 'dog') => {
  const best = { frame, timestamp_ms: frame, box: [0, 0, 1, 1] as const };
  const span = { from_ms: frame, to_ms: frame, first_frame: frame, frames: 1, max_conf: 0.5, best };
  return sightingOfJob(JOB, { class: name, ...span });
};

let documents: DocumentStore;
beforeEach(async () => {
  documents = createMemoryDocumentStore();
  await documents.sightings.put([seen(0), seen(1), seen(2, 'pied/à terre')]);
});

describe('findSightings', () => {
  it('has each sighting once over its pages', async () => {
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await findSightings({ documents }, { limit: 1, cursor });
      found.push(...page.sightings.map(({ first_frame }) => first_frame));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual([0, 1, 2]);
  });

  it('selects, and has the name of the video', async () => {
    await documents.libraryVideos.put({
      ...{ bucket: 'videos', video_id: 'v', name: 'Straße.mp4', event_id: 'e', classes: [] },
      ...{ detected_at: new Date(0), place: '', sightings: 3, poster_frame: 0, bytes: 1 },
      ...{ duration_ms: null, size: { width: 4, height: 2 } },
    });
    const { sightings, next } = await findSightings({ documents }, { className: 'pied/à terre' });
    expect(sightings).toMatchObject([
      { first_frame: 2, video_name: 'Straße.mp4', at: JOB.created_at },
    ]);
    expect(next).toBeNull();
  });

  it.each(['x', '', Buffer.from('{"$gt":""}').toString('base64url')])(
    'rejects the cursor %j',
    async (cursor) => {
      const page = findSightings({ documents }, { cursor });
      await expect(page).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});
