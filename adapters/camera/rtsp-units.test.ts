import { describe, expect, it } from 'vitest';
import { createParameterWatch, createUnitConverter } from './rtsp-units.js';

const nal = (...bytes: number[]) => Buffer.from(bytes);
const timed = (arrival: number, nals: Buffer[]) => {
  return { ts: 90, arrival, key: true, damaged: false, cameraTime: 5, nals };
};

describe('a converter of RTSP units', () => {
  it('puts a start code in front of each NAL unit', () => {
    const unit = createUnitConverter('h264')(timed(1000, [nal(0x67, 1), nal(0x65, 2)]));
    expect(unit).toEqual({
      ...{ ts: 90, arrival: 1000, key: true, damaged: false, cameraTime: 5, codec: 'h264' },
      data: nal(0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x65, 2),
    });
  });

  it('separates units that arrive in the same millisecond', () => {
    const convert = createUnitConverter('h265');
    const arrivals = [1000.4, 1000.6, 1000.6, 1040].map((at) => convert(timed(at, [])).arrival);
    expect(arrivals).toEqual([1000, 1001, 1002, 1040]);
  });
});

describe('a watch of sequence parameters', () => {
  it.each([
    ['h264', 0x67, 0x65, 0x41],
    ['h265', 0x42, 0x26, 0x02],
  ] as const)('notices another size of %s', (codec, sps, key, other) => {
    const isChanged = createParameterWatch(codec);
    const units = [
      [nal(sps, 0, 1), nal(key, 0)],
      [nal(other, 0, 2)],
      [nal(sps, 0, 1), nal(key, 0)],
      [nal(sps, 0, 2), nal(key, 0)],
      [nal(sps, 0, 2), nal(key, 0)],
    ];
    expect(units.map((nals) => isChanged({ nals }))).toEqual([false, false, false, true, false]);
  });
});
