import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbedVideo, VideoTools } from '../../domain/ports/video-tools.js';
import { placeFrames } from '../../domain/video/pack.js';

/** A video of the suite: 10 frames of 32x16 pixels. */
export const CONTRACT_VIDEO = { frames: 10, size: { width: 32, height: 16 } };
const { frames: FRAMES, size: SIZE } = CONTRACT_VIDEO;
const PIXELS = SIZE.width * SIZE.height;
const SMALL = { width: 8, height: 8 };
const PTS_BYTES = 8;
const JPEG_START = [0xff, 0xd8];

/**
 * Suite for every implementation of {@link VideoTools}.
 * @param create makes the tools, with a folder for their own files.
 * @param writeVideo writes {@link CONTRACT_VIDEO} to a file.
 */
export function videoToolsContract(
  name: string,
  create: (folder: string) => Promise<VideoTools>,
  writeVideo: (path: string) => Promise<void>,
): void {
  describe(`${name} as video tools`, () => {
    const { signal } = new AbortController();
    let folder: string;
    let tools: VideoTools;
    let source: string;
    let probed: ProbedVideo;
    let pts: number[];
    beforeAll(async () => {
      // A path that looks like a pattern of ffmpeg.
      folder = await mkdtemp(join(tmpdir(), 'vidette-tools-%d-'));
      source = join(folder, 'source');
      await writeVideo(source);
      tools = await create(folder);
      probed = await tools.probe({ source, folder: await attempt(), signal });
      pts = readPts(await readFile(probed.tablePath));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const attempt = () => mkdtemp(join(folder, 'attempt-'));
    const sampled = (...frames: number[]) => frames.map((frame) => ({ frame, pts: pts[frame]! }));
    const decode = async (output: Parameters<VideoTools['decode']>[0]['output'], each = signal) => {
      const { video, identity } = probed;
      const range = { seekPts: pts[0]!, frames: sampled(2, 5, 9), preprocess: false } as const;
      const request = { source, folder: await attempt(), video, identity, output, ...range };
      return tools.decode({ ...request, signal: each });
    };

    it('probes size, frames, timestamps and keyframes', () => {
      expect(probed.video).toMatchObject({ size: SIZE, frame_count: FRAMES, first_pts: pts[0] });
      expect(probed.keyframes[0]).toEqual({ frame: 0, pts: pts[0] });
      expect(probed.warnings).toEqual([]);
      expect(pts).toHaveLength(FRAMES);
      expect(pts).toEqual(pts.toSorted((a, b) => a - b));
    });

    it.each([
      [{ format: 'yuv420p' }, 1.5 * PIXELS],
      [{ format: 'gbrp', size: SMALL }, 3 * SMALL.width * SMALL.height],
    ] as const)('decodes sampled frames in order to $format', async (output, frameBytes) => {
      const decoded = await decode(output);
      expect(decoded).toMatchObject({ frameBytes, frames: sampled(2, 5, 9), skipped: [] });
      expect((await stat(decoded.path)).size).toBe(3 * frameBytes);
    });

    it('encodes frames to JPEGs, and decodes these to planes', async () => {
      const { path } = await decode({ format: 'yuv420p' });
      const encoding = { path, size: SIZE, count: 3, preprocess: false, signal } as const;
      const encoded = await tools.encode({ ...encoding, folder: await attempt() });
      const bytes = await readFile(encoded.path);
      const entries = placeFrames(sampled(2, 5, 9), encoded.lengths);
      const starts = entries.map(([, offset]) => [...bytes.subarray(offset, offset + 2)]);
      expect(starts).toEqual(Array(3).fill(JPEG_START));
      const ends = entries.map(([, offset, length]) => offset + length);
      expect(ends).toEqual([...entries.slice(1).map(([, offset]) => offset), bytes.length]);

      const decoding = { path: encoded.path, count: 3, size: SMALL, signal };
      const planes = await tools.decodeJpegs({ ...decoding, folder: await attempt() });
      expect((await stat(planes!)).size).toBe(3 * 3 * SMALL.width * SMALL.height);
      const more = await tools.decodeJpegs({ ...decoding, count: 4, folder: await attempt() });
      expect(more).toBeUndefined();
    });

    it('rejects a file that is not a video', async () => {
      const text = join(folder, 'text');
      await writeFile(text, 'not a video');
      const probing = tools.probe({ source: text, folder: await attempt(), signal });
      await expect(probing).rejects.toMatchObject({ code: 'BAD_VIDEO' });
    });

    it('starts nothing for a signal that has aborted', async () => {
      const reason = new Error('cancelled');
      await expect(decode({ format: 'yuv420p' }, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}

function readPts(table: Buffer): number[] {
  return Array.from({ length: table.length / PTS_BYTES }, (_, i) =>
    Number(table.readBigInt64LE(i * PTS_BYTES)),
  );
}
