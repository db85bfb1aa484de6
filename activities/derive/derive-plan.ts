import { BUCKETS, keys } from '../../domain/names.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { ProbeInput } from '../../domain/job/activity-contracts.js';
import type { PlanReader } from '../plan-reader.js';

export interface DerivePlanDeps {
  readonly objects: Pick<ObjectStore, 'copy' | 'put'>;
  readonly plans: Pick<PlanReader, 'read'>;
}

/** Writes the plan of a derived job: the ranges and the frame table of its source. */
export async function derivePlan(
  { objects, plans }: DerivePlanDeps,
  { event_id, parameters }: ProbeInput,
  sourceId: string,
): Promise<VideoPlan> {
  const plan = { ...(await plans.read(keys.plan(sourceId))), event_id, parameters };
  await objects.copy(BUCKETS.results, keys.frameTable(sourceId), keys.frameTable(event_id));
  await objects.put(BUCKETS.results, keys.plan(event_id), JSON.stringify(plan));
  return plan;
}
