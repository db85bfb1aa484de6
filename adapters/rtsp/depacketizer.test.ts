import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregate,
  h264Fragments,
  h264Nal,
  h265Fragments,
  h265Nal,
} from '../../test/support/rtp-packets.js';
import { createDepacketizer } from './depacketizer.js';
import type { NalCodec } from '../../domain/stream/access-unit.js';

const KINDS = {
  h264: { nal: h264Nal, fragments: h264Fragments, aggregateHeader: [0x78], headerBytes: 1 },
  h265: { nal: h265Nal, fragments: h265Fragments, aggregateHeader: [48 << 1, 1], headerBytes: 2 },
} as const;

function start(codec: NalCodec) {
  const nals: Buffer[] = [];
  const depacketizer = createDepacketizer(codec, (nal) => nals.push(nal));
  return { ...depacketizer, nals };
}

describe.each(['h264', 'h265'] as const)('the depacketizer of %s', (codec) => {
  const { nal, fragments, aggregateHeader, headerBytes } = KINDS[codec];
  const [first, second] = [nal(1, 20), nal(5, 30)];
  const [head, middle, tail] = fragments(nal(5, 90), 31) as [Buffer, Buffer, Buffer];

  it('passes a single NAL unit on as a copy', () => {
    const { push, nals } = start(codec);
    const payload = Buffer.from(first);
    expect(push(payload)).toBe(true);
    payload.fill(0);
    expect(nals).toEqual([first]);
  });

  it('splits an aggregate', () => {
    const { push, nals } = start(codec);
    expect(push(aggregate(aggregateHeader, [first, second]))).toBe(true);
    expect(nals).toEqual([first, second]);
  });

  it('restores NAL units of any sizes from fragments of any size', () => {
    const lengths = fc.array(fc.integer({ min: 2, max: 4000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 1500 }), (sizes, mtu) => {
        const { push, flush, nals } = start(codec);
        const sent = sizes.map((size, index) => nal(index + 1, size));
        const payloads = sent.flatMap((unit) => fragments(unit, mtu));
        expect(payloads.every((payload) => push(payload))).toBe(true);
        expect(flush()).toBe(false);
        expect(nals).toEqual(sent);
      }),
      { numRuns: 60 },
    );
  });

  it('gives what there is of a NAL unit whose rest was lost', () => {
    const { push, flush, nals } = start(codec);
    push(head);
    push(middle);
    expect(nals).toEqual([]);
    expect(flush()).toBe(true);
    const whole = nal(5, 90);
    const received = nals[0]!;
    expect(received.equals(whole.subarray(0, received.length))).toBe(true);
    expect(received.length).toBeGreaterThan(whole.length / 2);
    expect(push(tail)).toBe(false);
    expect(nals).toHaveLength(1);
  });

  it.each([
    ['another NAL unit', () => first],
    ['another start', () => head],
    ['an aggregate', () => aggregate(aggregateHeader, [first])],
  ])('ends an unfinished NAL unit when %s follows', (_, next) => {
    const { push, nals } = start(codec);
    push(head);
    expect(push(next())).toBe(false);
    expect(nals.length).toBeGreaterThan(0);
  });

  it('drops fragments whose start was lost', () => {
    const { push, nals } = start(codec);
    expect(push(middle)).toBe(false);
    expect(push(tail)).toBe(false);
    expect(nals).toEqual([]);
    expect(push(first)).toBe(true);
  });

  it.each([
    ['an empty payload', Buffer.alloc(0)],
    ['a header alone', first.subarray(0, headerBytes)],
    ['a fragment without bytes', head.subarray(0, headerBytes + 1)],
    ['an aggregate without units', Buffer.from([...aggregateHeader, 0])],
    ['an aggregate that is cut off', aggregate(aggregateHeader, [first, second]).subarray(0, -1)],
    ['an aggregate with an empty unit', aggregate(aggregateHeader, [Buffer.alloc(0)])],
    ['an unknown type', nal(codec === 'h264' ? 29 : 50)],
  ])('reports %s', (_, payload) => {
    expect(start(codec).push(payload)).toBe(false);
  });
});
