import { log } from '@temporalio/activity';
import { derivePart } from '../../domain/derive/derive-part.js';
import { AppError } from '../../domain/errors.js';
import type { RangeInput } from '../../domain/job/activity-contracts.js';
import { findPart } from '../../domain/job/job-store.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { encodePart, type Part, partCounts } from '../../domain/result/part.js';
import type { PartCounts } from '../../domain/result/result.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import { withHeartbeat } from '../heartbeat.js';
import type { PlanReader } from '../plan-reader.js';
import { predictionsOf } from '../predictions-of.js';

export interface DeriveRangeDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'insertPredictions'>;
  readonly plans: PlanReader;
}

/** Filters the detections of a range of another job, and stores them as a part; an existing part is reused. */
export async function deriveRange(
  { objects, documents, plans }: DeriveRangeDeps,
  { event_id, plan_key, range }: RangeInput,
): Promise<PartCounts> {
  return withHeartbeat(async ({ signal }) => {
    const stored = await findPart(objects, event_id, range);
    const part =
      stored ?? derivePart(...(await readSource(objects, await plans.read(plan_key), range)));
    signal.throwIfAborted();
    if (!stored) await objects.put(BUCKETS.results, keys.part(event_id, range), encodePart(part));
    await documents.insertPredictions(predictionsOf(event_id, part));
    const counts = partCounts(part);
    log.info('range derived', { event: event_id, range, ...counts });
    return counts;
  });
}

/** Reads the part of the source and the parameters of the derived job. */
async function readSource(
  objects: ObjectStore,
  { parameters }: VideoPlan,
  range: number,
): Promise<[Part, VideoPlan['parameters']]> {
  const source = parameters.derived_from ?? '';
  const part = await findPart(objects, source, range);
  if (part) return [part, parameters];
  throw new AppError(
    'INCOMPLETE_RESULT',
    `Range ${range} of job ${JSON.stringify(source)} is no longer stored: the job was deleted. Detect the video again.`,
    { event_id: source },
  );
}
