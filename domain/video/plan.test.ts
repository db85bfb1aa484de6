import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampledFrames } from './frame-range.js';
import {
  type Keyframe,
  LEFT_SHARE,
  planRanges,
  RAMP_SAMPLES,
  RANGE_SAMPLES,
  RANGE_SAMPLES_MAX,
  RANGE_SAMPLES_MIN,
  RANGE_SCRATCH_BYTES,
  SHORT_VIDEO_RANGES,
  SHORT_VIDEO_SAMPLES,
  yuv420pBytes,
} from './plan.js';

const SIZE = { width: 640, height: 480 };

/** Keyframes at multiples of a number of frames; the PTS is ten times the frame. */
function keyframesEach(gop: number, frameCount: number): Keyframe[] {
  const count = Math.ceil(frameCount / gop);
  return Array.from({ length: count }, (_, i) => ({ frame: i * gop, pts: i * gop * 10 }));
}

function plan(frameCount: number, gop: number, every = 1, size = SIZE) {
  return planRanges({ frameCount, keyframes: keyframesEach(gop, frameCount), every, size });
}

describe('planRanges', () => {
  it.each<[what: string, frames: number, gop: number, every: number, starts: number[]]>([
    ['one frame', 1, 1, 5, [0]],
    ['three frames in three', 3, 3, 1, [0, 1, 2]],
    ['a short video into four', 20, 50, 1, [0, 5, 10, 15]],
    ['a short video by sampled frames', 100, 50, 5, [0, 25, 50, 75]],
    ['the last short video', 255, 10, 1, [0, 64, 128, 192]],
    ['the first long video at keyframes', 256, 10, 1, [0, 30, 80, 130, 180, 230]],
    ['at the keyframe that is exactly there', 384, 128, 1, [0, 128, 256]],
    ['at the keyframe after enough', 600, 200, 1, [0, 200, 400]],
    ['a long GOP', 1500, 5000, 1, [0, 512, 1024]],
    ['a long GOP by sampled frames', 6000, 50_000, 5, [0, 2560, 5120]],
  ])('cuts %s', (_, frames, gop, every, starts) => {
    expect(plan(frames, gop, every).ranges.map(({ from }) => from)).toEqual(starts);
  });

  it('cuts the start of a long video into growing ranges, and the end into ever smaller ones', () => {
    const { ranges } = plan(10_000, 1);
    const sizes = ranges.map(({ sampled }) => sampled);
    expect(sizes.slice(0, 5)).toEqual([24, 48, 72, 96, 120]);
    const rest = sizes.slice(5);
    expect(rest.slice(0, 66)).toEqual(Array(66).fill(RANGE_SAMPLES));
    expect(rest.slice(-6, -1)).toEqual(Array(5).fill(RANGE_SAMPLES_MIN));
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
  });

  it('decodes from the keyframe at or before a range', () => {
    const { ranges } = plan(1200, 100, 1);
    for (const { from, seek_pts } of ranges) expect(seek_pts).toBe(Math.floor(from / 100) * 1000);
  });

  it.each([
    [plan(1500, 5000), 2],
    [plan(1500, 100), 0],
    [plan(100, 5000), 0],
  ])('counts the cuts in long GOPs, but not those of short videos', (cut, expected) => {
    expect(cut.longGopCuts).toBe(expected);
  });

  it('keeps the raw frames of a range within the scratch space', () => {
    const size = { width: 7680, height: 4320 };
    const { ranges } = plan(1000, 10, 1, size);
    const largest = Math.max(...ranges.map(({ sampled }) => sampled));
    expect(largest * yuv420pBytes(size)).toBeLessThanOrEqual(RANGE_SCRATCH_BYTES);
    expect(largest).toBe(Math.floor(RANGE_SCRATCH_BYTES / yuv420pBytes(size)));
  });

  it('gives one frame a range when a single one is as large as the scratch space', () => {
    const { ranges } = plan(10, 10, 1, { width: 50_000, height: 50_000 });
    expect(ranges.map(({ sampled }) => sampled)).toEqual(Array(10).fill(1));
  });

  it('starts at the start of a video whose first keyframe comes later', () => {
    const { ranges } = planRanges({
      frameCount: 300,
      keyframes: [{ frame: 7, pts: 70 }],
      every: 1,
      size: SIZE,
    });
    expect(ranges[0]).toMatchObject({ from: 0, seek_pts: 70 });
  });

  it('cuts only the frames of a span', () => {
    const request = { frameCount: 1200, keyframes: keyframesEach(100, 1200), every: 1, size: SIZE };
    const { ranges } = planRanges({ ...request, span: { from: 250, to: 900 } });
    expect(ranges[0]).toMatchObject({ index: 0, from: 250, seek_pts: 2000 });
    expect(ranges.at(-1)!.to).toBe(900);
    const frames = ranges.flatMap(({ from, to }) => sampledFrames(from, to, 1));
    expect(frames).toEqual(sampledFrames(250, 900, 1));
  });

  it('tiles any video, with every sampled frame in exactly one range', () => {
    const video = fc.record({
      frameCount: fc.integer({ min: 1, max: 5000 }),
      gaps: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 60 }),
      every: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(video, ({ frameCount, gaps, every }) => {
        const keyframes = keyframesAfter(gaps, frameCount);
        const { ranges } = planRanges({ frameCount, keyframes, every, size: SIZE });
        const frames = ranges.flatMap(({ from, to }) => sampledFrames(from, to, every));
        expect(frames).toEqual(sampledFrames(0, frameCount, every));
        expect(ranges[0]!.from).toBe(0);
        expect(ranges.at(-1)!.to).toBe(frameCount);
        ranges.forEach((range, i) => {
          expect(range.index).toBe(i);
          expect(range.to).toBeGreaterThan(range.from);
          expect(range.from).toBe(ranges[i - 1]?.to ?? 0);
          expect(range.sampled).toBe(sampledFrames(range.from, range.to, every).length);
          expect(range.sampled).toBeLessThanOrEqual(RANGE_SAMPLES_MAX);
        });
        expectSizes(
          ranges.map(({ sampled }) => sampled),
          frames.length,
        );
      }),
    );
  });

  function expectSizes(sizes: readonly number[], sampled: number): void {
    if (sampled < SHORT_VIDEO_SAMPLES) {
      expect(sizes.length).toBeLessThanOrEqual(SHORT_VIDEO_RANGES + 1);
    } else {
      let left = sampled;
      sizes.slice(0, -1).forEach((size, i) => {
        const share = Math.max(RANGE_SAMPLES_MIN, left * LEFT_SHARE);
        const ramp = (i + 1) * RAMP_SAMPLES;
        expect(size).toBeGreaterThanOrEqual(Math.min(RANGE_SAMPLES, share, ramp));
        left -= size;
      });
    }
  }

  function keyframesAfter(gaps: readonly number[], frameCount: number): Keyframe[] {
    const frames = gaps.reduce((all, gap) => [...all, all.at(-1)! + gap], [0]);
    return frames
      .filter((frame) => frame < frameCount)
      .map((frame) => ({ frame, pts: frame * 10 }));
  }
});

describe('yuv420pBytes', () => {
  it.each([
    [{ width: 4, height: 2 }, 12],
    [{ width: 1, height: 1 }, 3],
    [{ width: 127, height: 65 }, 127 * 65 + 2 * 64 * 33],
  ])('rounds the chroma of %j up', (size, bytes) => {
    expect(yuv420pBytes(size)).toBe(bytes);
  });
});
