import { LRUCache } from 'lru-cache';
import { sampledFrames, type FrameRange, type SampledFrame } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { PTS_BYTES } from '../domain/video/timestamp.js';

const PLANS_KEPT = 16;

/** A plan and the etag of its object. */
interface CachedPlan {
  readonly etag: string | undefined;
  readonly plan: VideoPlan;
}

/**
 * Creates a reader of plans and of frames' PTS. A cached plan is used while its object has the same
 * etag: after a job was deleted, another one may have its id.
 */
export function createPlanReader(objects: ObjectStore) {
  const plans = new LRUCache<string, CachedPlan>({ max: PLANS_KEPT });
  const read = async (planKey: string): Promise<VideoPlan> => {
    const etag = (await objects.stat(BUCKETS.results, planKey))?.etag;
    const cached = plans.get(planKey);
    if (cached && cached.etag === etag) return cached.plan;
    const text = (await objects.get(BUCKETS.results, planKey)).toString('utf8');
    // Only probeVideo writes plans.
    const plan = JSON.parse(text) as VideoPlan;
    plans.set(planKey, { etag, plan });
    return plan;
  };
  return {
    read,
    range: async (planKey: string, index: number) => {
      const plan = await read(planKey);
      const range = plan.ranges[index];
      if (!range) throw new RangeError(`${planKey} has no range ${index}`);
      return { plan, range };
    },
    frames: (plan: VideoPlan, range: FrameRange) => readFrames(objects, plan, range),
  };
}

export type PlanReader = ReturnType<typeof createPlanReader>;

/** Returns the sampled frames of a range with their PTS, with one read of the frame table. */
async function readFrames(
  objects: ObjectStore,
  { event_id, parameters }: VideoPlan,
  { from, to }: FrameRange,
): Promise<SampledFrame[]> {
  const frames = sampledFrames(from, to, parameters.every);
  if (frames.length === 0) return [];
  const [key, offset] = [keys.frameTable(event_id), from * PTS_BYTES];
  const table = await objects.getRange(BUCKETS.results, key, offset, (to - from) * PTS_BYTES);
  return frames.map((frame) => ({
    frame,
    pts: Number(table.readBigInt64LE((frame - from) * PTS_BYTES)),
  }));
}
