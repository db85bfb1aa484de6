import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleaved } from '../../test/support/rtp-packets.js';
import { headerOf, headersOf, type Message } from './message.js';
import { createMessageReader } from './message-reader.js';

type Item = Message | readonly [channel: number, payload: string];

function readAll(chunks: readonly Buffer[]): Item[] {
  const items: Item[] = [];
  const read = createMessageReader({
    onMessage: (message) => items.push(message),
    onData: (channel, payload) => items.push([channel, payload.toString('hex')]),
  });
  for (const chunk of chunks) read(chunk);
  return items;
}

function readText(text: string): Item[] {
  return readAll([Buffer.from(text, 'latin1')]);
}

const RESPONSE = 'RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-length:  5\r\n\r\nhello';

describe('the message reader', () => {
  it('reads messages and packets in their order, however they are cut', () => {
    const parts = [
      Buffer.from(RESPONSE),
      interleaved(0, Buffer.from('$RTSP/1.0 200 OK\r\n\r\n')),
      Buffer.from('\r\n\r\nREDIRECT rtsp://a/ RTSP/1.0\r\nLocation: rtsp://b/\r\n\r\n'),
      interleaved(3, Buffer.alloc(0)),
      interleaved(1, Buffer.alloc(65_535, 7)),
      Buffer.from(RESPONSE),
    ];
    const bytes = Buffer.concat(parts);
    const whole = readAll([bytes]);
    expect(whole).toHaveLength(6);
    expect(whole[0]).toMatchObject({ status: 200, body: 'hello' });
    expect(whole[2]).toMatchObject({ status: undefined, method: 'REDIRECT', body: '' });
    expect(whole[3]).toEqual([3, '']);
    const cuts = fc.uniqueArray(fc.nat(bytes.length), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, (places) => {
        const sorted = [0, ...places.sort((a, b) => a - b), bytes.length];
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(readAll(chunks)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
    expect(readAll(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
  });

  it('reads headers regardless of case, and all values of one', () => {
    const [message] = readText(
      'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest a\r\nwww-authenticate:Basic b\r\n' +
        'no header\r\n: nothing\r\n\r\n',
    ) as Message[];
    expect(headersOf(message!, 'www-authenticate')).toEqual(['Digest a', 'Basic b']);
    expect(headerOf(message!, 'session')).toBeUndefined();
    expect(message).toMatchObject({ status: 401, body: '' });
  });

  it('waits for the end of a head, a body or a packet', () => {
    expect(readText('RTSP/1.0 200 OK\r\nCSeq: 1\r\n')).toEqual([]);
    expect(readText(RESPONSE.slice(0, -1))).toEqual([]);
    expect(readAll([interleaved(0, Buffer.alloc(9)).subarray(0, 12)])).toEqual([]);
    expect(readAll([Buffer.from('$')])).toEqual([]);
  });

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not RTSP'],
    ['RTSP/2.0', 'RTSP/2.0 200 OK\r\n\r\n', 'not RTSP'],
    ['a status of one digit', 'RTSP/1.0 2 OK\r\n\r\n', 'not RTSP'],
    ['compressed bytes', '\x1f\x8b\x08\x00', 'not RTSP'],
    ['lower case', 'rtsp', 'not RTSP'],
    ['a control character', 'RTSP/1.0 200 OK\r\nA: \x00\r\n\r\n', 'invalid header'],
    ['a lone carriage return', 'RTSP/1.0 200 OK\r\nA: b\rC: d\r\n\r\n', 'invalid header'],
    ['an endless header', `RTSP/1.0 200 OK\r\nA: ${'a'.repeat(65_536)}`, 'header of more than'],
    ['a long header', `RTSP/1.0 200 OK\r\nA: ${'a'.repeat(65_536)}\r\n\r\n`, 'header of more than'],
    ['a huge body', 'RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n', 'announced a body'],
    ['an absurd body', `RTSP/1.0 200 OK\r\nContent-Length: ${'9'.repeat(99)}\r\n\r\n`, 'announced'],
    ['a negative body', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n', 'announced a body'],
  ])('rejects %s', (_, text, problem) => {
    expect(() => readText(text)).toThrow(problem);
  });
});
