import type { Readable } from 'node:stream';
import { keys, RENDER_REEL, type ReelId } from '../../domain/names.js';
import { type DiffOptions, openComparison } from '../../domain/result/diff/diff-results.js';
import { readReelSource } from '../../domain/result/diff/reel-source.js';
import { reelWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { cancelRun } from './cancel-render.js';
import { type AwaitRenderOptions, awaitRender, openRender, type RenderState } from './renders.js';

/** Minimum confidences of both sides; default: those of their jobs. */
export type ReelThresholds = Pick<DiffOptions, 'confA' | 'confB'>;

export interface ReelOptions extends ReelThresholds, AwaitRenderOptions {}

/** Ids of the two jobs. */
interface Pair {
  readonly a: string;
  readonly b: string;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

/**
 * Returns the reel of two jobs of one video: a video of the frames in which their results differ. The
 * first request starts its render.
 * @throws AppError `JOB_NOT_FOUND`, `NOT_COMPARABLE` or `INVALID_INPUT` as a diff; `NO_DIFFERENCE` if no
 * frame differs, or another error of the render.
 */
export async function diffReel(
  deps: Deps,
  pair: Pair,
  { confA, confB, ...options }: ReelOptions = {},
): Promise<RenderState> {
  const reel = await openReel(deps, pair, { confA, confB });
  const request = {
    ...{ eventId: reel.a, workflow: RENDER_REEL, workflowId: reelWorkflowIdOf(reel) },
    ...{ input: reel, key: keys.reel(reel), madeFrom: await readReelSource(deps.objects, reel) },
  };
  return awaitRender(deps, request, options);
}

/** Streams a reel; waits for its render. @throws AppError as {@link diffReel}. */
export function reelStream(
  deps: Deps,
  pair: Pair,
  options?: Omit<ReelOptions, 'timeoutMs' | 'start'>,
): Promise<Readable> {
  return openRender(deps, () => diffReel(deps, pair, options));
}

/** Cancels the render of a reel within seconds; false if none is in progress. @throws as a diff. */
export async function cancelReel(
  deps: Deps,
  pair: Pair,
  thresholds: ReelThresholds = {},
): Promise<boolean> {
  return cancelRun(deps.temporal, reelWorkflowIdOf(await openReel(deps, pair, thresholds)));
}

async function openReel(
  { objects }: Deps,
  pair: Pair,
  thresholds: ReelThresholds,
): Promise<ReelId> {
  const { a, b } = await openComparison(objects, pair, thresholds);
  return { a: a.event_id, b: b.event_id, conf_a: a.conf, conf_b: b.conf };
}
