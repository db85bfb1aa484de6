import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, createMultipartParser } from './multipart.js';

const PART_BYTES = 1000;
const JPEGS = [Buffer.from('ffd8ff0102ffd9', 'hex'), Buffer.from('ffd8ff0d0a2d2dffd9', 'hex')];

/** Splits bytes at every multiple of `step` and returns all parts. */
function parse(body: Buffer, step = body.length, boundary = 'frame'): Buffer[] {
  const parser = createMultipartParser(boundary, { partBytes: PART_BYTES });
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += Math.max(1, step)) {
    parts.push(...parser.push(body.subarray(at, at + Math.max(1, step))));
  }
  return parts;
}

const bytes = (...pieces: (string | Buffer)[]) =>
  Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
const sized = (jpeg: Buffer) =>
  bytes('--frame\r\nContent-Type: image/jpeg\r\n', `Content-Length: ${jpeg.length}\r\n\r\n`, jpeg);
const unsized = (jpeg: Buffer) => bytes('--frame\r\nContent-Type: image/jpeg\r\n\r\n', jpeg);

describe('boundaryOf', () => {
  it.each([
    ['multipart/x-mixed-replace; boundary=frame', 'frame'],
    ['multipart/x-mixed-replace;boundary="a b:c"; charset=x', 'a b:c'],
    ['multipart/x-mixed-replace; boundary=--frame', 'frame'],
    ['multipart/x-mixed-replace; BOUNDARY=myboundary;x', 'myboundary'],
  ])('reads %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });

  it.each([
    'multipart/x-mixed-replace',
    'multipart/x-mixed-replace; boundary=',
    'multipart/x-mixed-replace; boundary="--"',
    `multipart/x-mixed-replace; boundary=${'x'.repeat(71)}`,
    'multipart/x-mixed-replace; boundary="a\u0000b"',
  ])('rejects %j', (contentType) => {
    expect(() => boundaryOf(contentType)).toThrow('missing or invalid boundary');
  });
});

describe('a multipart parser', () => {
  it.each<[what: string, body: Buffer, parts: Buffer[]]>([
    ['parts with a length', bytes(sized(JPEGS[0]!), '\r\n', sized(JPEGS[1]!)), JPEGS],
    ['parts with a length and no line break', bytes(...JPEGS.map(sized)), JPEGS],
    [
      'parts that end at a delimiter',
      bytes(unsized(JPEGS[0]!), '\r\n', unsized(JPEGS[1]!), '\r\n--frame'),
      JPEGS,
    ],
    [
      'a delimiter that repeats the hyphens of its declared boundary',
      bytes('--', unsized(JPEGS[0]!), '\r\n--', unsized(JPEGS[1]!), '\r\n----frame'),
      JPEGS,
    ],
    ['a part without a header', bytes('--frame\r\n\r\n', JPEGS[0]!, '\r\n--frame'), [JPEGS[0]!]],
    ['a preamble', bytes('ignored\r\n', sized(JPEGS[0]!)), [JPEGS[0]!]],
    [
      'lower case and spaces',
      bytes('--frame\r\ncontent-length:\t 7 \r\n\r\n', JPEGS[0]!),
      [JPEGS[0]!],
    ],
    ['an empty part', bytes('--frame\r\nContent-Length: 0\r\n\r\n'), [Buffer.alloc(0)]],
    ['an incomplete part', sized(JPEGS[0]!).subarray(0, -1), []],
    ['nothing', Buffer.alloc(0), []],
  ])('reads %s, however it is split', (_, body, parts) => {
    for (let step = 1; step <= body.length; step++) expect(parse(body, step)).toEqual(parts);
  });

  it('stops at the closing delimiter', () => {
    const parser = createMultipartParser('frame', { partBytes: PART_BYTES });
    const body = bytes(sized(JPEGS[0]!), '\r\n--frame--\r\n', sized(JPEGS[1]!));
    expect(parser.push(body)).toEqual([JPEGS[0]!]);
    expect(parser.isEnded()).toBe(true);
    expect(parser.push(sized(JPEGS[1]!))).toEqual([]);
  });

  it('continues after a length that is too small', () => {
    const short = bytes('--frame\r\nContent-Length: 2\r\n\r\n', JPEGS[0]!, '\r\n');
    expect(parse(bytes(short, sized(JPEGS[1]!)))).toEqual([Buffer.from('ffd8', 'hex'), JPEGS[1]!]);
  });

  it('returns parts that later chunks do not change', () => {
    const parser = createMultipartParser('frame', { partBytes: PART_BYTES });
    const [part] = parser.push(sized(JPEGS[0]!));
    for (let i = 0; i < 20_000; i++) parser.push(sized(JPEGS[1]!));
    expect(part).toEqual(JPEGS[0]!);
  });

  it.each<[what: string, body: Buffer]>([
    ['a declared length', bytes(`--frame\r\nContent-Length: ${PART_BYTES + 1}\r\n\r\n`)],
    ['a length of many digits', bytes('--frame\r\nContent-Length: 99999999999\r\n\r\n')],
    ['a negative length', bytes('--frame\r\nContent-Length: -1\r\n\r\n')],
    ['a length that is not a number', bytes('--frame\r\nContent-Length: 0x10\r\n\r\n')],
    ['a part without an end', bytes(unsized(Buffer.alloc(2 * PART_BYTES, 1)))],
    ['a part that ends too late', bytes(unsized(Buffer.alloc(1100, 1)), '\r\n--frame')],
    ['a header without an end', bytes('--frame\r\n', 'X: y\r\n'.repeat(2000))],
  ])('rejects %s', (_, body) => {
    for (const step of [body.length, 7]) {
      expect(() => parse(body, step)).toThrow(/^sends (an image|a header)/);
    }
  });

  it('accepts a part of exactly the limit', () => {
    const jpeg = Buffer.alloc(PART_BYTES, 1);
    expect(parse(bytes(sized(jpeg)))).toEqual([jpeg]);
    expect(parse(bytes(unsized(jpeg), '\r\n--frame'))).toEqual([jpeg]);
  });

  it('keeps nothing of a preamble without end', () => {
    const parser = createMultipartParser('frame', { partBytes: PART_BYTES });
    const before = process.memoryUsage().rss;
    const chunk = Buffer.alloc(1024 ** 2, 0x2d);
    for (let i = 0; i < 64; i++) expect(parser.push(chunk)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 ** 2);
  });

  it('survives any bytes', () => {
    const noise = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data));
    const words = fc.constantFrom('--frame', '\r\n', '\r\n\r\n', '--', 'Content-Length: 5', ' ');
    const piece = fc.oneof(
      noise,
      words.map((word) => Buffer.from(word)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        (all, step) => {
          const body = Buffer.concat(all);
          const outcome = (size: number) => {
            try {
              return parse(body, size).map((part) => part.toString('hex'));
            } catch (error) {
              return (error as Error).name;
            }
          };
          expect(outcome(step)).toEqual(outcome(body.length));
        },
      ),
    );
  });
});
