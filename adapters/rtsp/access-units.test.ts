import { describe, expect, it } from 'vitest';
import { h264Fragments, h264Nal, h265Nal } from '../../test/support/rtp-packets.js';
import { createUnitAssembler, type ReceivedUnit } from './access-units.js';
import type { NalCodec } from '../../domain/stream/access-unit.js';

const [SLICE, IDR, SPS, PPS] = [1, 5, 7, 8].map((type) => h264Nal(type)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
/** A slice that is not the first one of its frame. */
const LATER_SLICE = h264Nal(1, 8, 0x40);

interface Step {
  readonly ts: number;
  readonly payload: Buffer;
  readonly marker?: boolean;
  readonly afterLoss?: boolean;
}

/** Pushes packets, one per millisecond, and returns the units. */
function assemble(steps: readonly Step[], codec: NalCodec = 'h264'): ReceivedUnit[] {
  const units: ReceivedUnit[] = [];
  const push = createUnitAssembler({ codec, parameterSets: [] }, (unit) => units.push(unit));
  for (const [at, { ts, payload, marker = false, afterLoss = false }] of steps.entries()) {
    const packet = { marker, payloadType: 96, sequence: at, timestamp: ts, source: 1, payload };
    push(packet, { at, afterLoss });
  }
  return units;
}

const end = (ts: number, payload = SLICE, afterLoss = false): Step => ({
  ts,
  payload,
  marker: true,
  afterLoss,
});
const part = (ts: number, payload: Buffer, afterLoss = false): Step => ({ ts, payload, afterLoss });

describe('an access unit', () => {
  it('ends at the marker', () => {
    const units = assemble([part(0, SPS), part(0, PPS), end(0, IDR), end(3000)]);
    expect(units).toEqual([
      { ts: 0, arrival: 2, key: true, damaged: false, nals: [SPS, PPS, IDR] },
      { ts: 3000, arrival: 3, key: false, damaged: false, nals: [SLICE] },
    ]);
  });

  it('ends when the timestamp changes', () => {
    const units = assemble([
      part(0, IDR),
      part(3000, SLICE),
      part(3000, LATER_SLICE),
      part(6000, SLICE),
    ]);
    expect(units).toEqual([
      { ts: 0, arrival: 0, key: true, damaged: false, nals: [IDR] },
      { ts: 3000, arrival: 2, key: false, damaged: false, nals: [SLICE, LATER_SLICE] },
    ]);
  });

  it('ends when the timestamp changes, also backwards and around its range', () => {
    const steps = [2 ** 32 - 1, 0, 5_000_000, 3].map((ts) => part(ts, SLICE));
    expect(assemble(steps).map(({ ts }) => ts)).toEqual([2 ** 32 - 1, 0, 5_000_000]);
  });

  it('includes parameter sets that have a marker or a timestamp of their own', () => {
    const units = assemble([end(0), end(0, SPS), end(0, PPS), end(3000, IDR)]);
    expect(units.map(({ nals }) => nals)).toEqual([[SLICE], [SPS, PPS, IDR]]);
    expect(units.map(({ damaged }) => damaged)).toEqual([false, false]);
  });

  it.each([16, 17, 18, 19, 20, 21])('of h265 with type %i is a keyframe', (type) => {
    expect(assemble([end(0, h265Nal(type))], 'h265')).toMatchObject([{ key: true }]);
  });

  it.each([0, 1, 9, 15, 22, 31])('of h265 with type %i is not a keyframe', (type) => {
    expect(assemble([end(0, h265Nal(type))], 'h265')).toMatchObject([{ key: false }]);
  });

  it('is rejected above 8 MiB', () => {
    const [first, next] = h264Fragments(h264Nal(5, 100_000), 50_000) as [Buffer, Buffer];
    const middle = Buffer.from(next);
    middle.writeUInt8(next.readUInt8(1) & 0x3f, 1);
    const endless = [part(0, first), ...Array.from({ length: 200 }, () => part(0, middle))];
    expect(() => assemble(endless)).toThrow('sent a frame of more than 8 MiB');
    expect(() => assemble(endless.slice(0, 100))).not.toThrow();
  });

  it('is rejected for too many tiny packets or NAL units', () => {
    const tiny = h264Nal(6, 0);
    expect(() => assemble(Array.from({ length: 40_000 }, () => part(0, tiny)))).toThrow('8 MiB');
    const markers = Array.from({ length: 40_000 }, (_, ts) => end(ts, tiny));
    expect(() => assemble(markers)).toThrow('8 MiB');
    const empty = Array.from({ length: 80_000 }, () => part(0, Buffer.alloc(0)));
    expect(() => assemble(empty)).toThrow('8 MiB');
  });
});

describe('a loss', () => {
  const damages = (steps: readonly Step[]) => assemble(steps).map(({ damaged }) => damaged);

  it('damages the frame and the next ones until a keyframe', () => {
    const steps = [
      end(0, IDR),
      part(1, SLICE),
      end(1, LATER_SLICE, true),
      end(2),
      end(3, IDR),
      end(4),
    ];
    expect(damages(steps)).toEqual([false, true, true, false, false]);
  });

  it('damages a keyframe in whose middle or at whose end it is', () => {
    const laterOfKey = h264Nal(5, 8, 0x40);
    expect(damages([part(0, IDR), end(0, laterOfKey, true), end(1)])).toEqual([true, true]);
    expect(damages([part(0, IDR), end(1, SLICE, true)])).toEqual([true, true]);
  });

  it('between two frames damages the ones after it', () => {
    expect(damages([end(0, IDR), end(1, SLICE, true), end(2), end(3, IDR)])).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('of the end of a frame damages it, but not a keyframe that follows whole', () => {
    expect(damages([end(0, IDR), part(1, SLICE), end(2, IDR, true), end(3)])).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('of the start of a keyframe damages all up to the next keyframe', () => {
    const laterOfKey = h264Nal(5, 8, 0x40);
    expect(damages([end(0, IDR), end(1, laterOfKey, true), end(2), end(3, IDR)])).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('of fragments gives what there is', () => {
    const [first, , last] = h264Fragments(h264Nal(5, 300), 100) as [Buffer, Buffer, Buffer];
    const [unit] = assemble([part(0, first), { ...end(0, last), afterLoss: true }]);
    expect(unit).toMatchObject({ key: true, damaged: true });
    expect(unit!.nals.map(({ length }) => length)).toEqual([101]);
  });

  it('of a whole frame but its end does not damage the keyframe after it', () => {
    const tail = h264Fragments(h264Nal(1, 300), 100).at(-1)!;
    const steps = [end(0, IDR), end(1, tail, true), end(2), part(3, SPS), end(3, IDR)];
    expect(damages(steps)).toEqual([false, true, false]);
  });

  it('is noticed by a fragment without its end', () => {
    const [first = SLICE] = h264Fragments(h264Nal(1, 300), 100);
    expect(damages([end(0, IDR), end(1, first), end(2), end(3, IDR)])).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is noticed by a frame of unknown payloads alone', () => {
    expect(damages([end(0, IDR), end(1, h264Nal(30)), end(2), end(3, IDR)])).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is not an empty packet', () => {
    expect(damages([part(0, IDR), end(0, Buffer.alloc(0)), end(1)])).toEqual([false, false]);
  });

  it('is noticed by an unknown payload', () => {
    expect(damages([part(0, IDR), end(0, h264Nal(30)), end(1)])).toEqual([true, true]);
  });
});

describe('a camera that sets the marker on every slice', () => {
  it('is read by its timestamps', () => {
    const frame = (ts: number, first: Buffer) => [end(ts, first), end(ts, LATER_SLICE)];
    const units = assemble([0, 1, 2, 3].flatMap((ts) => frame(ts, IDR)));
    const whole = [IDR, LATER_SLICE];
    expect(units.map(({ nals }) => nals)).toEqual([[IDR], [LATER_SLICE], whole, whole]);
    expect(units.map(({ damaged }) => damaged)).toEqual([false, true, false, false]);
  });
});
