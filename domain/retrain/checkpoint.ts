import { z } from 'zod';
import { BUCKETS, keys, SHA256 } from '../names.js';
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

/** Reads the list of the files of the newest checkpoint of a training; undefined without one. */
export async function findCheckpoint(
  objects: Pick<ObjectStore, 'find'>,
  retrainId: string,
): Promise<StoredCheckpoint | undefined> {
  const data = await objects.find(BUCKETS.results, keys.checkpoint(retrainId));
  return data && checkpointSchema.parse(JSON.parse(data.toString('utf8')));
}
