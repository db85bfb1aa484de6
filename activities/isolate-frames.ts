import { AppError, type ErrorFacts, hasCode } from '../domain/errors.js';
import { type Allowance, tooManyFailed } from '../domain/job/failed-frames.js';
import type { FrameSource, LaneJob, LaneResult, Lanes } from '../domain/ports/lanes.js';
import type { SkippedFrame } from '../domain/result/result.js';

/** Times that lanes may be lost at one frame that does them no harm alone. */
const LOSSES_MAX = 3;

/**
 * Times that a range which has lost frames is begun again when another range of its lane ends it:
 * were it handed back, whoever has it next would have to find those frames anew.
 */
const BEGUN_AGAIN_MAX = 20;

type LaneOptions = Parameters<Lanes['detect']>[1];

/**
 * Detects a range of which some frames may crash or hang the network. The frame at which a lane was
 * lost is tried once more, alone; when it takes that lane too it is skipped, and the range is
 * detected without it. A range in which a lane was lost at several frames is detected frame by frame
 * from then on, so that the one is found.
 * @throws AppError `LANE_LOST` when a lane was lost at no frame before one was skipped, `FRAMES_FAILED` when more frames
 * are lost than the job allows.
 */
export async function detectIsolated(
  lanes: Lanes,
  job: LaneJob,
  allowance: Allowance,
  options: LaneOptions,
): Promise<LaneResult> {
  const losses = new Map<number, number>();
  const failed: SkippedFrame[] = [];
  let single = false;
  let begunAgain = 0;
  for (;;) {
    try {
      return await lanes.detect({ ...job, failed, single }, options);
    } catch (error) {
      if (!single && lossOf(error)?.['frames'] !== undefined) {
        single = true;
        continue;
      }
      const frame = lostAt(error);
      if (frame === undefined) {
        if (failed.length === 0 || !isLost(error) || ++begunAgain > BEGUN_AGAIN_MAX) throw error;
        continue;
      }
      const times = (losses.get(frame) ?? 0) + 1;
      losses.set(frame, times);
      const last = times < LOSSES_MAX ? await lossAlone(lanes, job, frame, options) : error;
      if (last === undefined) continue;
      failed.push({ frame, reason: reasonOf(last) });
      checkShare(failed, allowance);
    }
  }
}

/** The error that ended a lane; undefined when the frame does no harm alone. */
async function lossAlone(
  lanes: Lanes,
  job: LaneJob,
  frame: number,
  options: LaneOptions,
): Promise<unknown> {
  const alone: LaneJob = { ...job, source: onlyFrame(job.source, frame), alone: true };
  try {
    await lanes.detect(alone, options);
    return undefined;
  } catch (error) {
    if (lostAt(error) === frame) return error;
    throw error;
  }
}

function onlyFrame(source: FrameSource, wanted: number): FrameSource {
  return { ...source, frames: source.frames.filter(({ frame }) => frame === wanted) };
}

/** The facts of a lane's end; undefined for other errors. */
function lossOf(error: unknown): ErrorFacts | undefined {
  return error instanceof AppError && hasCode(error, 'LANE_LOST') ? error.facts : undefined;
}

/** Whether a lane ended under the job; one that is refused since the worker stops has no `how`. */
function isLost(error: unknown): boolean {
  return lossOf(error)?.['how'] !== undefined;
}

function lostAt(error: unknown): number | undefined {
  return lossOf(error)?.['frame'] as number | undefined; // a lane's own writing
}

function reasonOf(error: unknown): string {
  const { how } = (error as AppError).facts;
  return `inference ended its process, twice (${how})`;
}

function checkShare(failed: readonly SkippedFrame[], allowance: Allowance): void {
  const message = tooManyFailed(failed.length, allowance, failed[0]);
  if (message !== undefined) throw new AppError('FRAMES_FAILED', message);
}
