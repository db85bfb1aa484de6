import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE, type JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { packEntries } from '../../domain/video/pack.js';
import { planRanges } from '../../domain/video/plan.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { CLIP_KINDS, makeClip, SIZE } from '../support/clips.js';
import { decodedTruth, type TrueFrame } from '../support/decoded-truth.js';
import { readNumber } from '../support/numbered-clip.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
});
afterAll(() => stack?.close());

const CLIPS = ['variable rate', 'rotation 90', 'MPEG-TS of open GOPs from 3 min'];

describe.each(CLIPS)('a job on %s', (name) => {
  const kind = CLIP_KINDS.find((each) => each.name === name)!;
  const rotation = kind.rotation ?? 0;
  const size = rotation === 90 ? { width: SIZE.height, height: SIZE.width } : SIZE;
  const videoId = `results-${name.replaceAll(' ', '-')}`;
  let truth: readonly TrueFrame[];
  beforeAll(async () => {
    const path = join(stack.folder, `${videoId}.${kind.extension}`);
    await makeClip(kind, path);
    truth = await decodedTruth(path, { size, rotation });
    await stack.putVideo(videoId, path);
  });

  it.concurrent.each(
    FRAME_STORAGE.flatMap((frames) => [
      { frames, preprocess: false } as const,
      { frames, preprocess: undefined },
    ]),
  )(
    'accounts for every fifth frame with frames $frames, preprocess $preprocess',
    async (options) => {
      const event_id = `${videoId}-${options.frames}-${String(options.preprocess)}`;
      const outcome = await stack.run({ video_id: videoId, event_id, ...options });
      const result = await stack.result(event_id);
      const expected = truth
        .map((frame, i) => ({ ...frame, frame: i }))
        .filter((_, i) => i % 5 === 0);
      expect(outcome).toMatchObject({ status: 'ready', frames: expected.length, skipped: 0 });
      expect(result).toMatchObject({ status: 'ready', skipped: [] });
      expect(result.frames.map(({ frame }) => frame)).toEqual(expected.map(({ frame }) => frame));
      expectTimestamps(result, expected);
      const stored = await storedNumbers(event_id, options.frames, result);
      if (stored) expect(stored).toEqual(expected.map(({ number }) => number));
    },
  );

  /** The two ways of computing differ by a rounded thousandth of a millisecond. */
  function expectTimestamps({ video, frames }: DetectionResult, expected: readonly TrueFrame[]) {
    const { time_base, start_time_s } = video;
    frames.forEach(({ timestamp_ms }, i) => {
      const seconds = (expected[i]!.pts * time_base.num) / time_base.den - start_time_s;
      expect(timestamp_ms).toBeCloseTo(seconds * 1000, 2);
    });
    expect(frames[0]!.timestamp_ms).toBeGreaterThanOrEqual(0);
    expect(frames[0]!.timestamp_ms).toBeLessThan(200);
  }

  /** Numbers that the stored JPEGs show; undefined if none are stored. */
  async function storedNumbers(
    eventId: string,
    storage: JobRequest['frames'],
    result: DetectionResult,
  ) {
    const { frame_count: frameCount } = result.video;
    const jpegs: Buffer[] = [];
    if (storage === 'none') return undefined;
    if (storage === 'objects') {
      for (const { frame } of result.frames) {
        jpegs.push(await stack.objects.get(BUCKETS.frames, keys.frame(eventId, frame)));
      }
    } else {
      // Short videos are split into ranges without regard to keyframes.
      const { ranges } = planRanges({ frameCount, keyframes: [], every: 5, size });
      for (const { index } of ranges) {
        const pack = await stack.objects.get(BUCKETS.frames, keys.pack(eventId, index));
        const entries = packEntries(pack);
        jpegs.push(...entries.map(([, offset, length]) => pack.subarray(offset, offset + length)));
      }
    }
    return Promise.all(jpegs.map((jpeg) => numberOf(jpeg)));
  }

  async function numberOf(jpeg: Buffer): Promise<number> {
    const { data, info } = await sharp(jpeg)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect({ width: info.width, height: info.height }).toEqual(size);
    return readNumber(data, { size, rotation });
  }
});
