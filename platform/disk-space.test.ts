import { expect, it } from 'vitest';
import { readDiskSpace } from './disk-space.js';

it('reads the space of the disk that has a folder', async () => {
  const { freeBytes, sizeBytes } = (await readDiskSpace('.'))!;
  expect(freeBytes).toBeGreaterThan(0);
  expect(sizeBytes).toBeGreaterThanOrEqual(freeBytes);
  expect(await readDiskSpace('/absent/folder')).toBeUndefined();
});
