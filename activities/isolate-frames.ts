import { AppError } from '../domain/errors.js';
import type { FrameSource, LaneJob, LaneResult, Lanes } from '../domain/ports/lanes.js';
import { type Allowance, tooManyFailed } from '../domain/recovery/failed-frames.js';
import {
  type Action,
  aloneFailure,
  createRecovery,
  rangeFailure,
  SKIP_REASONS,
} from '../domain/recovery/recovery.js';
import type { SkippedFrame } from '../domain/result/result.js';

type LaneOptions = Parameters<Lanes['detect']>[1];

/**
 * Detects a range of which some frames may crash or hang the model: finds those frames and skips
 * them, by the table of `domain/recovery/recovery.ts`.
 * @throws AppError `LANE_LOST` if lanes are lost for another reason, `FRAMES_FAILED` if more frames
 * are lost than the job allows.
 */
export async function detectIsolated(
  lanes: Lanes,
  job: LaneJob,
  allowance: Allowance,
  options: LaneOptions,
): Promise<LaneResult> {
  const recovery = createRecovery();
  const failed: SkippedFrame[] = [];
  let single = false;
  for (;;) {
    try {
      return await lanes.detect({ ...job, failed, single }, options);
    } catch (error) {
      const state = { isFrameByFrame: single, hasSkipped: failed.length > 0 };
      const { failure, frame } = rangeFailure(error, state);
      const action: Action<typeof failure> = recovery.next(failure, frame);
      if (action === 'hand-back') throw error;
      if (action === 'detect-frame-by-frame') single = true;
      if (frame === undefined) continue;
      const last = action === 'skip-frame' ? error : await tryAlone(lanes, job, frame, options);
      if (last === undefined) continue;
      failed.push({ frame, reason: SKIP_REASONS.endsLane(endOf(last)) });
      checkShare(failed, allowance);
    }
  }
}

/** Returns the error with which the frame ended a lane; undefined if it is harmless alone. */
async function tryAlone(
  lanes: Lanes,
  job: LaneJob,
  frame: number,
  options: LaneOptions,
): Promise<unknown> {
  const source = onlyFrame(job.source, frame);
  try {
    await lanes.detect({ ...job, source, alone: true }, options);
    return undefined;
  } catch (error) {
    const action = createRecovery().next(aloneFailure(error, frame), frame);
    if (action === 'hand-back') throw error;
    return error;
  }
}

function onlyFrame(source: FrameSource, wanted: number): FrameSource {
  return { ...source, frames: source.frames.filter(({ frame }) => frame === wanted) };
}

function endOf(error: unknown): string {
  return String((error as AppError).facts['how']);
}

function checkShare(failed: readonly SkippedFrame[], allowance: Allowance): void {
  const message = tooManyFailed(failed.length, allowance, failed[0]);
  if (message !== undefined) throw new AppError('FRAMES_FAILED', message);
}
