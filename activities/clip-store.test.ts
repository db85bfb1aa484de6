import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, type ClipId, clipOfKey, keys, nameClip } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { listClips, markClip, removeIfDeleted } from './clip-store.js';

const CLIP: ClipId = { event_id: 'e1', from_ms: 1401.4, to_ms: 5205.201, boxes: 'track-7' };

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});

describe('the key of a clip', () => {
  it.each<ClipId>([
    CLIP,
    { ...CLIP, boxes: 'all' },
    { event_id: 'e1', from_ms: 0, to_ms: 86_400_000, boxes: 'none' },
  ])('names the clip %j', (clip) => {
    expect(clipOfKey('e1', keys.clip(clip))).toEqual(clip);
    expect(clipOfKey('e1', keys.clipMark(clip))).toEqual(clip);
  });

  it.each<Partial<ClipId>>([
    { from_ms: -1 },
    { to_ms: Infinity },
    { from_ms: 0.00001 },
    { boxes: 'track-0' },
    { boxes: '../../e2' as ClipId['boxes'] },
  ])('rejects %j', (wrong) => {
    expect(() => nameClip({ ...CLIP, ...wrong })).toThrow('Expected a clip');
  });
});

it('lists the clips of a job, also those that are being rendered', async () => {
  const other = { ...CLIP, boxes: 'none' } as const;
  await markClip(objects, CLIP);
  await objects.put(BUCKETS.results, keys.clip(CLIP), 'mp4');
  await markClip(objects, other);
  await markClip(objects, { ...CLIP, event_id: 'e10' });
  expect(await listClips(objects, 'e1')).toEqual([other, CLIP]);
});

it('removes a clip whose job was deleted during its render', async () => {
  await objects.put(BUCKETS.results, keys.result('e1'), '{}');
  await markClip(objects, CLIP);
  await objects.put(BUCKETS.results, keys.clip(CLIP), 'mp4');
  expect(await removeIfDeleted(objects, CLIP)).toBe(false);
  expect(await listClips(objects, 'e1')).toEqual([CLIP]);
  await objects.remove(BUCKETS.results, keys.result('e1'));
  expect(await removeIfDeleted(objects, CLIP)).toBe(true);
  expect(await listClips(objects, 'e1')).toEqual([]);
});
