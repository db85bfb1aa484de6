import { LRUCache } from 'lru-cache';
import { sampledFrames, type FrameRange, type SampledFrame } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { PTS_BYTES } from '../domain/video/timestamp.js';

const PLANS_KEPT = 16;

/** Reads plans, which never change once written, and the PTS of the frames of a range. */
export function createPlanReader(objects: ObjectStore) {
  const plans = new LRUCache<string, VideoPlan>({ max: PLANS_KEPT });
  const read = async (planKey: string): Promise<VideoPlan> => {
    const known = plans.get(planKey);
    if (known) return known;
    const text = (await objects.get(BUCKETS.results, planKey)).toString('utf8');
    // Written by probeVideo only.
    const plan = JSON.parse(text) as VideoPlan;
    plans.set(planKey, plan);
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

/** The sampled frames of a range with their PTS, by one read of the frame table. */
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
