import { BUCKETS, imageBatchObjects, keys, type ObjectGroup, rescoreObjects } from '../names.js';
import type { DocumentStore } from '../ports/document-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import { batchWorkflowIdOf, imageBatchWorkflowIdOf } from '../workflow-ids.js';
import { findPastList } from './find-rescore.js';

/** The batches of a rescoring. */
export interface RescoreBatches {
  /** Ids of its batches of jobs. */
  readonly jobs: readonly string[];
  /** Whether it has a batch of images, whose id is that of the rescoring. */
  readonly hasImages: boolean;
  /** Ids of the workflows of all of them. */
  readonly workflowIds: readonly string[];
}

interface Stores {
  readonly objects: Pick<ObjectStore, 'find' | 'remove'>;
  readonly documents: Pick<DocumentStore, 'batches' | 'imageBatches'>;
}

/** Finds the batches of a rescoring whose workflow has ended. */
export async function findRescoreBatches(
  { objects, documents }: Stores,
  rescoreId: string,
): Promise<RescoreBatches> {
  const list = await findPastList(objects, rescoreId);
  const jobs = (list?.batches ?? []).map(({ batch_id }) => batch_id);
  const found = await documents.imageBatches.find(rescoreId);
  // Another batch of images may have the same id.
  const hasImages =
    found !== undefined &&
    'list' in found.source &&
    found.source.list === keys.rescoreKeys(rescoreId);
  const images = hasImages ? [imageBatchWorkflowIdOf(rescoreId)] : [];
  return { jobs, hasImages, workflowIds: [...jobs.map(batchWorkflowIdOf), ...images] };
}

/**
 * Removes a rescoring with its list, cases, report and batches, of which none may be running. Its jobs
 * remain. Can be repeated after an interruption, because what names the data is removed after it.
 * @param removeGroup removes all objects of a group and resolves with their number
 * @returns the number of removed objects
 */
export async function removeRescoring(
  { objects, documents }: Stores,
  rescoreId: string,
  batches: RescoreBatches,
  removeGroup: (group: ObjectGroup) => Promise<number>,
): Promise<number> {
  // A later rescoring with the same id would run the jobs of these batches, not its own.
  for (const id of batches.jobs) await documents.batches.remove(id);
  let removed = 0;
  if (batches.hasImages) {
    removed += await removeGroup(imageBatchObjects(rescoreId));
    await documents.imageBatches.remove(rescoreId);
  }
  for (const group of rescoreObjects(rescoreId)) removed += await removeGroup(group);
  await objects.remove(BUCKETS.results, keys.rescore(rescoreId));
  return removed + 1;
}
