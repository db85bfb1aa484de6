import { z } from 'zod';
import { BUCKETS, CHECKPOINT_LIST, keys, SHA256 } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';

/** Plain names of files in the folder of a checkpoint; others are not stored. */
export const CHECKPOINT_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

const checkpointSchema = z.object({
  ...{ step: z.number(), of: z.number(), loss: z.number().nullable() },
  files: z
    .array(z.object({ name: z.string().regex(CHECKPOINT_FILE), sha256: z.string().regex(SHA256) }))
    .readonly(),
});

/** Step of a stored checkpoint, with its files. */
export type StoredCheckpoint = Readonly<z.output<typeof checkpointSchema>>;

/** Checkpoint of an attempt, and the prefix of the keys of its list and files. */
export interface AttemptCheckpoint extends StoredCheckpoint {
  readonly prefix: string;
}

/** Reads the newest checkpoint of each attempt of a training, that with the highest step first. */
export async function listCheckpoints(
  objects: Pick<ObjectStore, 'find' | 'list'>,
  retrainId: string,
): Promise<AttemptCheckpoint[]> {
  const found: AttemptCheckpoint[] = [];
  for await (const key of objects.list(BUCKETS.results, keys.checkpoints(retrainId))) {
    if (!key.endsWith(`/${CHECKPOINT_LIST}`)) continue;
    const prefix = key.slice(0, -CHECKPOINT_LIST.length);
    const checkpoint = await findCheckpoint(objects, prefix);
    if (checkpoint) found.push({ ...checkpoint, prefix });
  }
  return found.sort((a, b) => b.step - a.step);
}

/** Reads the checkpoint under a prefix; undefined without one. */
export async function findCheckpoint(
  objects: Pick<ObjectStore, 'find'>,
  prefix: string,
): Promise<StoredCheckpoint | undefined> {
  const data = await objects.find(BUCKETS.results, `${prefix}${CHECKPOINT_LIST}`);
  return data && checkpointSchema.parse(JSON.parse(data.toString('utf8')));
}
