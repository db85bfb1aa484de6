import { expect, it } from 'vitest';
import { buffer } from 'node:stream/consumers';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { countItems } from '../../domain/dataset/dataset-counts.js';
import { contentHashOf } from '../../domain/dataset/content-hash.js';
import type { DatasetSource } from '../../domain/dataset/dataset-file.js';
import { zipDataset } from './export-dataset.js';

const MIB = 1024 ** 2;

function sourceOf(images: number): DatasetSource {
  const items = Array.from({ length: images }, (_, i) => datasetItem(`image ${i}`));
  const draft = { ...datasetDraft('fish'), counts: countItems(items) };
  const read = async function* () {
    await Promise.resolve();
    yield* items;
  };
  return { manifest: { ...draft, version: 1, sha256: contentHashOf(items) }, items: read };
}

it('reads an image only when the ones before were sent', async () => {
  let read = 0;
  const find = () => {
    read += MIB;
    return Promise.resolve(Buffer.alloc(MIB));
  };
  let sent = 0;
  let ahead = 0;
  for await (const chunk of zipDataset({ find }, sourceOf(40), 'folder')) {
    sent += (chunk as Buffer).length;
    ahead = Math.max(ahead, read - sent);
  }
  expect(read).toBe(40 * MIB);
  expect(ahead).toBeLessThan(4 * MIB);
});

it('has the same bytes each time', async () => {
  const find = () => Promise.resolve(Buffer.from('image'));
  const zip = () => buffer(zipDataset({ find }, sourceOf(3), 'jsonl'));
  expect((await zip()).equals(await zip())).toBe(true);
});

it('fails if an image is not stored any more', async () => {
  const zip = buffer(zipDataset({ find: () => Promise.resolve(undefined) }, sourceOf(3), 'jsonl'));
  await expect(zip).rejects.toMatchObject({ code: 'INCOMPLETE_RESULT' });
});

it.each(['folder', 'jsonl'] as const)(
  'leaves out erased images, and lists them in %s',
  async (format) => {
    const source = sourceOf(3);
    const [, erased] = await Array.fromAsync(source.items());
    const time = new Date('2026-05-04T09:30:00.000Z');
    const hash = erased!.picture.sha256;
    const find = (_bucket: string, key: string) =>
      Promise.resolve(key.endsWith(hash) ? undefined : Buffer.from('image'));
    const zip = await buffer(zipDataset({ find }, source, format, new Map([[hash, time]])));
    const text = zip.toString('latin1');
    expect(text).not.toContain(`${hash}.jpg`);
    expect(text.split('.jpg').length - 1).toBe(4); // two images, each in its header and the directory
    const line = { sha256: hash, split: 'train', reason: 'erased', time: time.toISOString() };
    expect(text).toContain('left-out.jsonl');
    expect(text).toContain(JSON.stringify(line));
  },
);
