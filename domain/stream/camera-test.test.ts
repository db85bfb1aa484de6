import { describe, expect, it } from 'vitest';
import { estimateCores, measureRates } from './camera-test.js';

const HD = { width: 1920, height: 1080 };

describe('measureRates', () => {
  it('measures the rates of a camera with a keyframe each second', () => {
    const units = Array.from({ length: 51 }, (_, index) => ({
      ...{ arrival: 40 * index, key: index % 25 === 0, bytes: 20_000 },
    }));
    expect(measureRates(units)).toEqual({
      ...{ fps: 25, keyframe_interval_s: 1, kbit_per_s: 4000, jitter_ms: 0 },
    });
  });

  it('measures how uneven the frames arrive', () => {
    const units = [0, 20, 80, 100, 160].map((arrival) => ({ arrival, key: true, bytes: 1 }));
    expect(measureRates(units).jitter_ms).toBe(20);
  });

  it.each([0, 1])('knows no rates after %i frames', (count) => {
    const units = Array.from({ length: count }, () => ({ arrival: 1, key: true, bytes: 1 }));
    expect(Object.values(measureRates(units))).toEqual([null, null, null, null]);
  });
});

describe('estimateCores', () => {
  it.each([
    ['h264', HD, 25, 0.18],
    ['h265', HD, 25, 0.23],
    ['h264', { width: 640, height: 360 }, 25, 0.06],
    ['mjpeg', HD, 25, 0.06],
  ] as const)('of %s with %o at %i fps', (codec, size, fps, expected) => {
    expect(estimateCores(codec, size, fps, 2)).toBeCloseTo(expected, 2);
  });

  it('knows no cost of a container', () => {
    expect(estimateCores('mpegts', HD, 25, 2)).toBeNull();
  });
});
