import { frameObjects } from '../names.js';
import type { DocumentStore } from '../ports/document-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import { hasObjects } from './job-store.js';

/** Number of jobs in a page: each becomes a few events in the history of `PruneJobs`. */
const PAGE = 200;

export interface PrunableQuery {
  /** Only jobs that ended before this time. */
  readonly before: Date;
  /** Whether only jobs with stored frames are found. */
  readonly framesOnly: boolean;
  /** Only ids after this one. */
  readonly after?: string | undefined;
}

export interface PrunablePage {
  readonly event_ids: readonly string[];
  /** Id after which the next page starts; undefined on the last page. */
  readonly next?: string | undefined;
}

interface Stores {
  readonly documents: Pick<DocumentStore, 'findClosedIds'>;
  readonly objects: Pick<ObjectStore, 'list'>;
}

/** Returns a page of the jobs to prune, in the order of their ids. */
export async function findPrunable(
  { documents, objects }: Stores,
  { framesOnly, ...query }: PrunableQuery,
): Promise<PrunablePage> {
  const ids = await documents.findClosedIds({ ...query, limit: PAGE });
  const next = ids.length === PAGE ? ids.at(-1) : undefined;
  if (!framesOnly) return { event_ids: ids, next };
  const event_ids: string[] = [];
  for (const id of ids) if (await hasObjects(objects, frameObjects(id))) event_ids.push(id);
  return { event_ids, next };
}
