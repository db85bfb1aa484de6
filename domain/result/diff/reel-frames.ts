import { AppError } from '../../errors.js';
import { isDifferent } from './diff-frames.js';
import type { DiffLine } from './diff-results.js';

/** Time for which a reel shows each frame, in milliseconds. */
export const REEL_FRAME_MS = 500;
/** Maximum number of frames of a reel: a quarter of an hour. */
const REEL_MAX_FRAMES = 1800;

/**
 * Returns the frames that differ, in the order of the video.
 * @throws AppError `NO_DIFFERENCE` if none does, `LIMIT_EXCEEDED` if there are too many for a reel.
 */
export async function listReelFrames(
  lines: AsyncIterable<DiffLine>,
  max = REEL_MAX_FRAMES,
): Promise<readonly number[]> {
  const frames: number[] = [];
  let different = 0;
  for await (const line of lines) {
    if (line.type === 'summary' || !isDifferent(line)) continue;
    if (++different <= max) frames.push(line.frame);
  }
  if (different === 0) throw nothingDifferent();
  if (different > max) throw tooManyFrames(different, max);
  return frames;
}

function nothingDifferent(): AppError {
  return new AppError(
    'NO_DIFFERENCE',
    'No frame differs, so there is nothing to show in a video. Frames that one of the jobs has skipped are not compared; lower the minimum confidences if they were raised.',
  );
}

function tooManyFrames(different: number, max: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `${different} frames differ, and a video of the differences shows at most ${max}. Raise the minimum confidence of A or B, or take the differences as WebVTT.`,
  );
}
