import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { Size } from '../../domain/result/detection.js';
import { type FrameRange, sampledFrames } from '../../domain/video/frame-range.js';
import { planRanges } from '../../domain/video/plan.js';
import type { DecodedFrames, ProbedVideo, VideoTools } from '../../domain/ports/video-tools.js';
import { type ClipKind, CLIP_KINDS, makeClip, SIZE } from '../support/clips.js';
import { decodedTruth, type TrueFrame } from '../support/decoded-truth.js';
import { readNumber } from '../support/numbered-clip.js';

const { signal } = new AbortController();
let folder: string;
let tools: VideoTools;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-frames-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(CLIP_KINDS)('$name', (kind) => {
  const every = kind.every ?? 5;
  let clip: Clip;
  beforeAll(async () => {
    clip = await probeClip(kind);
  });

  it('has the frame table of a full decoding', () => {
    const { probed, truth, pts } = clip;
    const { identity = 'pts' } = kind;
    expect(probed.identity).toBe(identity);
    // ffprobe gives no timestamps to frames that a decoder returns after the last packet.
    const known = truth.map((frame, i) => (Number.isNaN(frame.pts) ? pts[i] : frame.pts));
    if (identity === 'pts') expect(pts).toEqual(known);
    expect(probed.video).toMatchObject({
      frame_count: truth.length,
      first_pts: pts[0],
      size: displayedSize(kind),
      rotation: kind.rotation ?? 0,
    });
    if (kind.name !== HIDES_FRAMES) expect(truth.length).toBe(kind.frames);
  });

  it.each(['yuv420p', 'gbrp'] as const)(
    'decodes every sampled frame once, with its own content, as %s',
    async (format) => {
      const ranges = rangesOf(clip, every);
      expect(ranges.map(({ from }) => from)).toEqual([
        0,
        ...ranges.slice(0, -1).map(({ to }) => to),
      ]);
      const decoded = await decodeAll(clip, ranges, every, format);
      const expected = sampledFrames(0, clip.truth.length, every);
      expect(decoded.flatMap(({ skipped }) => skipped)).toEqual([]);
      expect(decoded.flatMap(({ shown }) => shown)).toEqual(
        expected.map((frame) => ({ frame, number: clip.truth[frame]!.number })),
      );
    },
  );
});

const HIDES_FRAMES = 'edit list that hides the first frames';

interface Clip {
  readonly kind: ClipKind;
  readonly path: string;
  readonly probed: ProbedVideo;
  readonly pts: readonly number[];
  readonly truth: readonly TrueFrame[];
}

async function probeClip(kind: ClipKind): Promise<Clip> {
  const home = await mkdtemp(join(folder, 'clip-'));
  const path = join(home, `clip.${kind.extension}`);
  await makeClip(kind, path);
  const probed = await tools.probe({ source: path, folder: home, signal });
  const plane = { size: displayedSize(kind), rotation: kind.rotation ?? 0 };
  return { kind, path, probed, pts: await tableOf(probed), truth: await decodedTruth(path, plane) };
}

async function tableOf({ tablePath }: ProbedVideo): Promise<number[]> {
  const table = await readFile(tablePath);
  return Array.from({ length: table.length / 8 }, (_, i) => Number(table.readBigInt64LE(i * 8)));
}

function displayedSize({ size = SIZE, rotation = 0 }: ClipKind): Size {
  return rotation % 180 === 0 ? size : { width: size.height, height: size.width };
}

function rangesOf({ probed }: Clip, every: number): readonly FrameRange[] {
  const { frame_count: frameCount, size } = probed.video;
  return planRanges({ frameCount, keyframes: probed.keyframes, every, size }).ranges;
}

/** Decodes each range in a separate folder, as a separate attempt. */
function decodeAll(
  clip: Clip,
  ranges: readonly FrameRange[],
  every: number,
  format: 'yuv420p' | 'gbrp',
) {
  const { video, identity } = clip.probed;
  // Slightly smaller than the frame, as for a model.
  const size = { width: video.size.width - 8, height: video.size.height - 4 };
  const output = format === 'gbrp' ? ({ format, size } as const) : ({ format } as const);
  return Promise.all(
    ranges.map(async ({ index, from, to, seek_pts: seekPts }) => {
      const home = await mkdtemp(join(folder, `range-${index}-`));
      const frames = sampledFrames(from, to, every).map((frame) => ({
        frame,
        pts: clip.pts[frame]!,
      }));
      const request = { source: clip.path, folder: home, video, identity, seekPts, frames, signal };
      const decoded = await tools.decode({ ...request, preprocess: false, output });
      const plane = { size: format === 'gbrp' ? size : video.size, rotation: video.rotation };
      return { skipped: decoded.skipped, shown: await numbersIn(decoded, plane) };
    }),
  );
}

/** Returns the number that the first plane of each raw frame shows: luma or green. */
async function numbersIn(
  { path, frameBytes, frames }: DecodedFrames,
  plane: { size: Size; rotation: number },
) {
  const raw = await readFile(path);
  expect(raw.length).toBe(frames.length * frameBytes);
  return frames.map(({ frame }, i) => ({
    frame,
    number: readNumber(raw.subarray(i * frameBytes, (i + 1) * frameBytes), plane),
  }));
}
