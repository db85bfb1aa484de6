import { execa } from 'execa';
import { expect } from 'vitest';
import type { TimedUnit } from '../../adapters/rtsp/track-reader.js';
import { joinAnnexB } from '../../adapters/rtsp/start-codes.js';
import { readNumber } from '../support/numbered-clip.js';
import { CLIP_FRAMES, CLIP_SIZE, type CameraClip } from './camera-clip.js';

/** Decodes access units, which begin with a keyframe, and returns the numbers that they show. */
export async function decodeNumbers(
  { codec }: Pick<CameraClip, 'codec'>,
  units: readonly Pick<TimedUnit, 'nals'>[],
): Promise<number[]> {
  const input = ['-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0'];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const { stdout } = await execa('ffmpeg', ['-v', 'quiet', ...input, ...output], {
    input: Buffer.concat(units.map(({ nals }) => joinAnnexB(nals))),
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  });
  const planes = Buffer.from(stdout);
  const bytes = CLIP_SIZE.width * CLIP_SIZE.height;
  return Array.from({ length: planes.length / bytes }, (_, i) =>
    readNumber(planes.subarray(i * bytes, (i + 1) * bytes), { size: CLIP_SIZE, rotation: 0 }),
  );
}

/** Expects that every frame of the clip follows the one before. */
export function expectConsecutive(numbers: readonly number[]): void {
  const [first = NaN] = numbers;
  expect(numbers).toEqual(numbers.map((_, i) => (first + i) % CLIP_FRAMES));
}

/** Waits until a list has some more items, and returns them. */
export async function nextItems<T>(items: readonly T[], count: number): Promise<T[]> {
  const start = items.length;
  await expect.poll(() => items.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(start + count);
  return items.slice(start, start + count);
}
