import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../domain/errors.js';
import { formatSpan } from '../domain/job/format-span.js';
import type { Parameters } from '../domain/job/job-input.js';
import type { ProbedVideo } from '../domain/ports/video-tools.js';
import { findFrame } from '../domain/video/find-frame.js';
import { countSampled, type FrameRange } from '../domain/video/frame-range.js';
import { PTS_BYTES, timestampMs } from '../domain/video/timestamp.js';
import type { VideoInfo } from '../domain/video/video.js';

type Probed = Pick<ProbedVideo, 'video' | 'tablePath'>;
type Span = Pick<FrameRange, 'from' | 'to'>;

/**
 * Returns the frames `[from, to)` of the span of time of a job.
 * @throws AppError `INVALID_INPUT` if none of them is sampled.
 */
export async function findSpan(
  { video, tablePath }: Probed,
  { from_ms, to_ms, every }: Pick<Parameters, 'from_ms' | 'to_ms' | 'every'>,
): Promise<Span> {
  const all = { from: 0, to: video.frame_count };
  if (from_ms === undefined && to_ms === undefined) return all;
  const table = await open(tablePath);
  try {
    const frameAt = (ms: number) =>
      findFrame((frame) => timeOf(table, video, frame), video.frame_count, ms);
    const from = from_ms === undefined ? all.from : await frameAt(from_ms);
    const to = to_ms === undefined ? all.to : await frameAt(to_ms);
    if (countSampled(from, to, every) > 0) return { from, to };
    const [first, last] = [await timeOf(table, video, 0), await timeOf(table, video, all.to - 1)];
    throw new AppError(
      'INVALID_INPUT',
      `No sampled frame is in the span from ${formatSpan({ from_ms, to_ms })}: the frames of the ` +
        `video are at ${first} ms to ${last} ms. Change from_ms, to_ms or every.`,
    );
  } finally {
    await table.close();
  }
}

async function timeOf(table: FileHandle, video: VideoInfo, frame: number): Promise<number> {
  const { buffer } = await table.read(Buffer.alloc(PTS_BYTES), 0, PTS_BYTES, frame * PTS_BYTES);
  return timestampMs(Number(buffer.readBigInt64LE()), video);
}
