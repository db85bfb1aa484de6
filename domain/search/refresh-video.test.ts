import { expect, it } from 'vitest';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { refreshVideo } from './refresh-video.js';

const job = (event_id: string, hour: number) =>
  eventDocument({
    ...{ event_id, created_at: new Date(Date.UTC(2026, 4, 4, hour)) },
    indexed: {
      ...{ sightings: 1, poster_frame: 0, duration_ms: null, bytes: 1 },
      size: { width: 2, height: 2 },
    },
  });

it('shows the newest job if another one ends while the video is refreshed', async () => {
  const documents = createMemoryDocumentStore({ events: [job('older', 8)] });
  const { libraryVideos } = documents;
  const query = { bucket: 'videos', videoId: 'clip' };
  let hasEnded = false;
  const put: typeof libraryVideos.put = async (video) => {
    if (!hasEnded) {
      hasEnded = true;
      await documents.insertEvent(job('newer', 9));
      await refreshVideo(documents, query);
    }
    await libraryVideos.put(video);
  };
  await refreshVideo({ ...documents, libraryVideos: { ...libraryVideos, put } }, query);
  expect(await libraryVideos.list({ limit: 5 })).toMatchObject([{ event_id: 'newer' }]);
});
