import { describe, expect, it } from 'vitest';
import { BATCH_MAX, batchIdOf, distinctVideos } from './batch-id.js';

const job = (id: string) => ({ video_id: `video-${id}`, event_id: id });

describe('batchIdOf', () => {
  const id = batchIdOf([job('a'), job('b')]);

  it('is the same for the same jobs in any order', () => {
    expect(id).toMatch(/^batch-[0-9a-f]{12}$/);
    expect(batchIdOf([job('b'), job('a')])).toBe(id);
  });

  it.each([[['a', 'b', 'c']], [['a', 'c']], [['ab']]])('differs for %j', (ids) => {
    expect(batchIdOf(ids.map(job))).not.toBe(id);
  });
});

describe('distinctVideos', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);

  it('drops repeated videos before it counts them', () => {
    expect(distinctVideos(['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(distinctVideos([...ids(BATCH_MAX), 'v0'])).toHaveLength(BATCH_MAX);
  });

  it('rejects no videos and too many', () => {
    expect(() => distinctVideos([])).toThrow(/needs a video_id/);
    expect(() => distinctVideos(ids(BATCH_MAX + 1))).toThrow(/at most 5000 videos, received 5001/);
  });
});
