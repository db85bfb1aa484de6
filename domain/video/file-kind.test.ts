import { describe, expect, it } from 'vitest';
import { describeOtherFile, FILE_KIND_BYTES } from './file-kind.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf8 = (text: string) => new TextEncoder().encode(text);
/** Start of a text of two-byte letters, which ends within one. */
const CUT = utf8('a' + 'я'.repeat(FILE_KIND_BYTES)).subarray(0, FILE_KIND_BYTES);

describe('describeOtherFile', () => {
  it.each([
    ['an empty file', bytes(), 'an empty file'],
    ['Markdown', utf8('# Notes\n\tand more\r\n'), 'a text file'],
    ['a playlist', utf8('#EXTM3U\n#EXT-X-VERSION:3\n'), 'a text file'],
    ['Cyrillic that is cut in a character', CUT, 'a text file'],
    ['a PDF', ascii('%PDF-1.7\n%\u00e2\u00e3'), 'a PDF document'],
    [
      'an office document',
      ascii('PK\u0003\u0004\u0014\u0000'),
      'a ZIP archive or an office document',
    ],
    ['a PNG', ascii('\u0089PNG\r\n\u001a\n'), 'a PNG image'],
    ['a photo of a phone', ascii('\u0000\u0000\u0000\u0018ftypheic'), 'a HEIC image'],
    ['a WAV', ascii('RIFF\u0010\u0000\u0000\u0000WAVEfmt '), 'a sound file'],
  ])('recognizes %s', (_, start, kind) => expect(describeOtherFile(start)).toBe(kind));

  it.each([
    ['MP4', ascii('\u0000\u0000\u0000\u0020ftypisom')],
    ['MOV without ftyp', ascii('\u0000\u0000\u0000\u0008wide\u0000\u0000\u0000\u0000mdat')],
    ['Matroska', bytes(0x1a, 0x45, 0xdf, 0xa3, 0x01, 0, 0, 0)],
    ['AVI', ascii('RIFF\u0010\u0000\u0000\u0000AVI LIST')],
    ['MPEG-TS', bytes(0x47, 0x40, 0x11, 0x10, 0x00, 0x42, 0xf0, 0x25)],
    ['MPEG-PS', bytes(0, 0, 1, 0xba, 0x44)],
    ['ASF', bytes(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66)],
    ['FLV', ascii('FLV\u0001\u0005\u0000\u0000\u0000\u0009')],
    ['Ogg', ascii('OggS\u0000\u0002')],
    ['raw H.264', bytes(0, 0, 0, 1, 0x67, 0x42)],
    ['IVF', ascii('DKIF\u0000\u0000\u0020\u0000')],
    ['a file of unknown bytes', bytes(0xff, 0xfe, 0x00, 0x80)],
  ])('leaves %s to ffmpeg', (_, start) => expect(describeOtherFile(start)).toBeUndefined());
});
