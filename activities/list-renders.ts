import type { ObjectStore } from '../domain/ports/object-store.js';
import { clipWorkflowIdOf, reelWorkflowIdOf } from '../domain/workflow-ids.js';
import { listClips } from './clip-store.js';
import { listReels } from './reel-store.js';

/** Lists the ids of the workflows that render reels and clips of a job, by what they stored. */
export async function listRenders(
  objects: Pick<ObjectStore, 'list'>,
  eventId: string,
): Promise<readonly string[]> {
  const reels = await listReels(objects, eventId);
  const clips = await listClips(objects, eventId);
  return [...reels.map(reelWorkflowIdOf), ...clips.map(clipWorkflowIdOf)];
}
