import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFrameTable } from './frame-table.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-table-'));
  path = join(folder, 'pts.bin');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function tabulate(
  pts: readonly number[],
  isKey: (i: number) => boolean = (i) => i === 0,
  reorder = true,
) {
  const table = createFrameTable(path, reorder);
  for (const [i, value] of pts.entries()) await table.add(value, isKey(i));
  const summary = await table.finish();
  const data = await readFile(path);
  const written = Array.from({ length: data.length / 8 }, (_, i) =>
    Number(data.readBigInt64LE(i * 8)),
  );
  return { ...summary, written };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a frame table', () => {
  it('without frames is an empty file', async () => {
    const empty = await tabulate([]);
    expect(empty).toMatchObject({ frameCount: 0, keyframes: [], disordered: false, written: [] });
  });

  it.each([1, 8191, 8192, 8193, 20_000])('holds each of %i frames', async (count) => {
    const { written, frameCount, disordered } = await tabulate(upTo(count));
    expect(written).toEqual(upTo(count));
    expect(frameCount).toBe(count);
    expect(disordered).toBe(false);
  });

  it('puts B-frames into display order, and knows where the keyframes come', async () => {
    const decoding = [0, 4, 2, 1, 3, 8, 6, 5, 7];
    const { written, keyframes } = await tabulate(decoding, (i) => i === 0 || i === 5);
    expect(written).toEqual(upTo(9));
    expect(keyframes).toEqual([
      { frame: 0, pts: 0 },
      { frame: 8, pts: 8 },
    ]);
  });

  it('starts at the smallest PTS, below 0 too', async () => {
    const { firstPts, written } = await tabulate([-1024, 512, -512, 0]);
    expect(firstPts).toBe(-1024);
    expect(written).toEqual([-1024, -512, 0, 512]);
  });

  it('returns the first and last PTS in display order', async () => {
    const { firstPts, lastPts } = await tabulate([0, 30, 10, 20, 140, 130]);
    expect({ firstPts, lastPts }).toEqual({ firstPts: 0, lastPts: 140 });
  });

  it('keeps a PTS beyond 32 bits exact', async () => {
    const far = 2 ** 45 + 1;
    expect((await tabulate([0, far])).written).toEqual([0, far]);
  });

  it.each<[what: string, pts: number[], reorder: boolean, disordered: boolean]>([
    ['a frame 32 places late', [...upTo(33).slice(1), 0, 33, 34], true, false],
    ['a frame 33 places late', [...upTo(34).slice(1), 0, 34, 35], true, true],
    ['the same PTS twice', [0, 1, 1, 2], true, true],
    ['a decoded frame out of order', [0, 2, 1, 3], false, true],
    ['decoded frames in order', [0, 1, 2, 3], false, false],
  ])('says whether the order is known: %s', async (_, pts, reorder, disordered) => {
    expect((await tabulate(pts, undefined, reorder)).disordered).toBe(disordered);
  });

  it('remembers a bounded number of keyframes, the first among them', async () => {
    const { keyframes } = await tabulate(upTo(70_000), () => true);
    expect(keyframes.length).toBeLessThanOrEqual(65_536);
    expect(keyframes.length).toBeGreaterThan(32_000);
    expect(keyframes[0]).toEqual({ frame: 0, pts: 0 });
    for (const { frame, pts } of keyframes) expect(frame).toBe(pts);
  });

  it('fails when its file cannot be written', async () => {
    const table = createFrameTable(join(folder, 'missing', 'pts.bin'));
    await table.add(0, true);
    await expect(table.finish()).rejects.toThrow(/ENOENT/);
  });
});
