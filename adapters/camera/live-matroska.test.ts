import { describe, expect, it } from 'vitest';
import { accessUnit } from '../../test/support/access-units.js';
import { liveCluster, matroskaCluster, matroskaHeader } from './live-matroska.js';

interface Element {
  readonly id: string;
  /** undefined: unknown, up to the end. */
  readonly size: number | undefined;
  readonly content: Buffer;
}

/** Reads the elements of a buffer by the rules of RFC 8794: the lengths are in the first byte. */
function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const idLength = Math.clz32(bytes[at]!) - 23;
    const id = bytes.subarray(at, at + idLength).toString('hex');
    at += idLength;
    const sizeLength = Math.clz32(bytes[at]!) - 23;
    const coded = BigInt(`0x${bytes.subarray(at, at + sizeLength).toString('hex')}`);
    at += sizeLength;
    const mask = (1n << BigInt(7 * sizeLength)) - 1n;
    const isUnknown = (coded & mask) === mask;
    const end = isUnknown ? bytes.length : at + Number(coded & mask);
    elements.push({
      id,
      size: isUnknown ? undefined : Number(coded & mask),
      content: bytes.subarray(at, end),
    });
    at = end;
  }
  return elements;
}

const child = (elements: readonly Element[], id: string) =>
  elements.find((each) => each.id === id)?.content ?? Buffer.alloc(0);
const number = (bytes: Buffer) => Number(bytes.readBigUInt64BE());

describe('a Matroska header', () => {
  it.each([
    ['h264', 'V_MPEG4/ISO/AVC'],
    ['h265', 'V_MPEGH/ISO/HEVC'],
    ['mjpeg', 'V_MJPEG'],
  ] as const)('declares one track of %s and a segment without a size', (codec, codecId) => {
    const [ebml, segment, ...rest] = readElements(matroskaHeader(codec));
    expect(rest).toEqual([]);
    expect(ebml).toMatchObject({ id: '1a45dfa3' });
    expect(child(readElements(ebml!.content), '4282').toString()).toBe('matroska');
    expect(segment).toMatchObject({ id: '18538067', size: undefined });
    const parts = readElements(segment!.content);
    expect(parts.map(({ id }) => id)).toEqual(['1549a966', '1654ae6b']);
    expect(number(child(readElements(child(parts, '1549a966')), '2ad7b1'))).toBe(1e6);
    const tracks = readElements(child(parts, '1654ae6b'));
    expect(tracks).toHaveLength(1);
    const track = readElements(tracks[0]!.content);
    expect(child(track, '86').toString()).toBe(codecId);
    expect(number(child(track, '83'))).toBe(1);
  });
});

describe('a Matroska cluster', () => {
  const ARRIVAL = Date.UTC(2026, 0, 11, 12, 30, 5, 123);
  const clusterOf = (data: Buffer, key = false) => {
    const [cluster, ...rest] = readElements(matroskaCluster(accessUnit(ARRIVAL, { data, key })));
    expect(rest).toEqual([]);
    expect(cluster).toMatchObject({ id: '1f43b675' });
    return readElements(cluster!.content);
  };

  it('has the arrival of its unit as timestamp, in ms', () => {
    expect(number(child(clusterOf(Buffer.from('data')), 'e7'))).toBe(1768134605123);
  });

  it.each([
    [true, 0x80],
    [false, 0],
  ])('has one block of track 1, keyframe: %s', (key, flags) => {
    const block = child(clusterOf(Buffer.from('data'), key), 'a3');
    expect([...block.subarray(0, 4)]).toEqual([0x81, 0, 0, flags]);
    expect(block.subarray(4).toString()).toBe('data');
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 8 * 2 ** 20])(
    'holds a unit of %d bytes',
    (bytes) => {
      const block = child(clusterOf(Buffer.alloc(bytes, 7)), 'a3');
      expect(block).toHaveLength(4 + bytes);
    },
  );
});

describe('a cluster that is decoded live', () => {
  const unitOf = (bytes: number) => accessUnit(0, { data: Buffer.alloc(bytes, 7) });

  it('begins with the cluster of its unit', () => {
    const [cluster, filling, ...rest] = readElements(liveCluster(unitOf(100)));
    expect(readElements(matroskaCluster(unitOf(100)))).toEqual([cluster]);
    expect(filling).toMatchObject({ id: 'ec' });
    expect(rest).toEqual([]);
  });

  it('takes as much room for a small unit as for one of 16 KiB', () => {
    expect(liveCluster(unitOf(1))).toHaveLength(liveCluster(unitOf(16 * 1024)).length);
    expect(liveCluster(unitOf(2 ** 20)).length).toBeLessThan(2 ** 20 + 100);
  });
});
