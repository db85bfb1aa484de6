import { describe, expect, it } from 'vitest';
import { rtpPacket } from '../../test/support/rtp-packets.js';
import { parseRtp } from './rtp.js';

const PAYLOAD = Buffer.from('payload');

/** Sets bits of the first byte, and inserts bytes after the fixed header. */
function changed(
  bits: number,
  inserted: readonly number[] = [],
  end: readonly number[] = [],
): Buffer {
  const packet = rtpPacket({ payload: PAYLOAD });
  packet.writeUInt8(packet.readUInt8(0) | bits, 0);
  const [head, rest] = [packet.subarray(0, 12), packet.subarray(12)];
  return Buffer.concat([head, Buffer.from(inserted), rest, Buffer.from(end)]);
}

describe('parseRtp', () => {
  it('reads the fields', () => {
    const fields = { sequence: 65_535, timestamp: 2 ** 32 - 1, marker: true, payloadType: 97 };
    expect(parseRtp(rtpPacket({ ...fields, source: 0xdeadbeef, payload: PAYLOAD }))).toEqual({
      ...fields,
      source: 0xdeadbeef,
      payload: PAYLOAD,
    });
  });

  it.each([
    ['contributing sources', changed(0x02, [0, 0, 0, 1, 0, 0, 0, 2])],
    ['an extension', changed(0x10, [0xbe, 0xde, 0, 1, 1, 2, 3, 4])],
    ['an empty extension', changed(0x10, [0xbe, 0xde, 0, 0])],
    ['padding', changed(0x20, [], [0, 0, 3])],
    ['all of them', changed(0x31, [0, 0, 0, 1, 0xbe, 0xde, 0, 0], [1])],
  ])('skips %s', (_, packet) => {
    expect(parseRtp(packet)?.payload.toString()).toBe('payload');
  });

  it('accepts an empty payload', () => {
    expect(parseRtp(rtpPacket())?.payload).toHaveLength(0);
  });

  it.each([
    ['no byte', Buffer.alloc(0)],
    ['a short header', rtpPacket().subarray(0, 11)],
    ['version 1', Buffer.concat([Buffer.from([0x40]), rtpPacket().subarray(1)])],
    ['missing sources', changed(0x0f)],
    ['a missing extension', changed(0x1f)],
    ['a long extension', changed(0x10, [0, 0, 0xff, 0xff])],
    ['more padding than payload', changed(0x20, [], [200])],
  ])('rejects %s', (_, packet) => {
    expect(parseRtp(packet)).toBeUndefined();
  });
});
