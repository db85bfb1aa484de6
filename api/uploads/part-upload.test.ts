import { describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { PartUpload, PartUploads } from '../../domain/ports/part-uploads.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { abortIfTooLarge, partBytesOf } from './part-upload.js';

const MIB = 1024 ** 2;

describe('the size of a part', () => {
  it.each([
    [1, 16],
    [16 * MIB, 16],
    [16_000 * MIB, 16],
    [16_000 * MIB + 1, 17],
    [50 * 1024 * MIB, 52],
  ])('of a file of %i bytes is %i MiB, and a thousand hold the file', (size, expected) => {
    expect(partBytesOf(size)).toBe(expected * MIB);
    expect(partBytesOf(size) * 1000).toBeGreaterThanOrEqual(size);
  });
});

describe('an unfinished upload', () => {
  const ID = 'upload-1';

  it.each([
    [10, [4, 6], false],
    [10, [], false],
    [10, [4, 7], true],
  ])('of %i bytes with parts of %j is aborted: %s', async (size, sizes, isAborted) => {
    const objects = createMemoryObjectStore();
    await objects.ensureBucket(BUCKETS.videos);
    const info = { name: 'a.mp4', size, part_size: 16 * MIB, store_id: 's1' };
    await objects.put(BUCKETS.videos, keys.uploadInfo(ID), JSON.stringify(info));
    const aborted: string[] = [];
    const upload: PartUpload = { bucket: BUCKETS.videos, key: keys.upload(ID), id: 's1' };
    // The operations that are used.
    const partUploads = {
      parts: () =>
        Promise.resolve(sizes.map((bytes, i) => ({ part: i + 1, etag: '', size: bytes }))),
      // eslint-disable-next-line @typescript-eslint/require-await -- the port's is asynchronous
      unfinished: async function* () {
        yield upload;
      },
      abort: ({ id }: PartUpload) => Promise.resolve(void aborted.push(id)),
    } as unknown as PartUploads;
    await abortIfTooLarge({ objects, partUploads }, ID);
    expect(aborted).toEqual(isAborted ? ['s1'] : []);
    const left = await objects.find(BUCKETS.videos, keys.uploadInfo(ID));
    expect(left === undefined).toBe(isAborted);
  });
});
