import { keys } from '../names.js';
import type { DocumentStore } from '../ports/document-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import { findRescore } from '../rescore/find-rescore.js';
import type { ImageBatchDocument } from './image-batch.js';

interface Stores {
  readonly documents: Pick<DocumentStore, 'imageBatches'>;
  readonly objects: Pick<ObjectStore, 'find'>;
}

/** Number of documents that are read at the same time. */
const PAGE = 100;

/**
 * Yields the ids of the batches of images that ended before a time, or that were started before it and
 * have no end. Those of a rescoring are left out: they are removed with it.
 */
export async function* findImageBatchesBefore(
  { documents, objects }: Stores,
  before: Date,
): AsyncGenerator<string, void> {
  let after = { batch_id: '', created_at: before };
  for (;;) {
    const page = await documents.imageBatches.list({ limit: PAGE, after });
    for (const batch of page) {
      const isOld = (batch.closed_at ?? batch.created_at) < before;
      if (isOld && !(await isOfRescoring(objects, batch))) yield batch.batch_id;
    }
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last;
  }
}

/** Whether a batch belongs to a rescoring that exists. Another batch may have the id of a rescoring. */
async function isOfRescoring(
  objects: Stores['objects'],
  { batch_id, source }: ImageBatchDocument,
): Promise<boolean> {
  if (!('list' in source) || source.list !== keys.rescoreKeys(batch_id)) return false;
  return (await findRescore(objects, batch_id)) !== undefined;
}
