import { describe, expect, it } from 'vitest';
import { countVideoTracks } from './count-video-tracks.js';

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const u32 = (value: number) => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

/** Box of an MP4 with a size of four bytes. */
function box(type: string, ...content: readonly (readonly number[])[]): number[] {
  const bytes = content.flat();
  return [...u32(bytes.length + 8), ...ascii(type), ...bytes];
}

/** Element of a Matroska file, whose content is below 16 KiB. */
function ebml(id: readonly number[], ...content: readonly (readonly number[])[]): number[] {
  const bytes = content.flat();
  return [...id, 0x40 | (bytes.length >> 8), bytes.length & 255, ...bytes];
}

const mp4Track = (handler: string) =>
  box('trak', box('tkhd', [0, 0]), box('mdia', box('hdlr', u32(0), u32(0), ascii(handler))));
const moov = (...handlers: string[]) => box('moov', box('mvhd', u32(0)), ...handlers.map(mp4Track));
const FTYP = box('ftyp', ascii('isom'));

const [SEGMENT, TRACKS, ENTRY, TYPE, CLUSTER] = [
  [0x18, 0x53, 0x80, 0x67],
  [0x16, 0x54, 0xae, 0x6b],
  [0xae],
  [0x83],
  [0x1f, 0x43, 0xb6, 0x75],
];
const EBML_HEADER = ebml([0x1a, 0x45, 0xdf, 0xa3], [0x42, 0x86, 0x81, 1]);
const tracks = (...types: number[]) =>
  ebml(TRACKS, ...types.map((type) => ebml(ENTRY, ebml([0xd7], [1]), ebml(TYPE, [type]))));
/** A size of eight bytes that is all ones: unknown. */
const UNKNOWN_SIZE = [0x01, ...new Array<number>(7).fill(0xff)];

async function count(bytes: readonly number[], size = bytes.length) {
  let reads = 0;
  const file = Uint8Array.from(bytes);
  const read = (offset: number, length: number) => {
    reads++;
    return Promise.resolve(file.subarray(offset, offset + length));
  };
  return { tracks: await countVideoTracks(read, size), reads };
}

describe('countVideoTracks', () => {
  it.each<[string, number[], number | undefined]>([
    ['an MP4 with sound', [...FTYP, ...moov('vide', 'soun')], 1],
    ['an MP4 with two', [...FTYP, ...moov('vide', 'soun', 'vide')], 2],
    ['an MP4 whose index is at its end', [...FTYP, ...box('mdat', [1, 2]), ...moov('vide')], 1],
    [
      'an MP4 with a 64-bit size',
      [...FTYP, ...u32(1), ...ascii('mdat'), ...u32(0), ...u32(20), 1, 2, 3, 4, ...moov('vide')],
      1,
    ],
    ['an MP4 that is cut off', [...FTYP, ...moov('vide', 'vide').slice(0, -8)], 1],
    ['an MP4 without an index', [...FTYP, ...box('mdat', [1])], 0],
    ['a sound file', [...FTYP, ...moov('soun')], 0],
    ['a Matroska file', [...EBML_HEADER, ...ebml(SEGMENT, tracks(1, 2))], 1],
    ['a Matroska file with two', [...EBML_HEADER, ...ebml(SEGMENT, tracks(1, 2, 17, 1))], 2],
    ['a live recording', [...EBML_HEADER, ...SEGMENT, ...UNKNOWN_SIZE, ...tracks(1, 1)], 2],
    ['an AVI', ascii('RIFF1234AVI LIST'), undefined],
    ['an empty file', [], undefined],
    ['zeros after the first box', [...FTYP, ...new Array<number>(64).fill(0)], 0],
  ])('of %s', async (_, bytes, expected) => {
    expect((await count(bytes)).tracks).toBe(expected);
  });

  it('reads no more than headers, and a bounded number of them', async () => {
    const clusters = Array.from({ length: 5000 }, () => ebml(CLUSTER, [0])).flat();
    const endless = [...EBML_HEADER, ...SEGMENT, ...UNKNOWN_SIZE, ...clusters, ...tracks(1)];
    expect(await count(endless)).toEqual({ tracks: 0, reads: 1000 });
    const large = [...EBML_HEADER, ...SEGMENT, ...UNKNOWN_SIZE, ...tracks(1), ...clusters];
    expect((await count(large)).reads).toBeLessThan(20);
  });
});
