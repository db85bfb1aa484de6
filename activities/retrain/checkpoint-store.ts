import { createReadStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfChunks } from '../../domain/hash.js';
import { BUCKETS, CHECKPOINT_LIST, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import {
  type AttemptCheckpoint,
  CHECKPOINT_FILE,
  findCheckpoint,
  listCheckpoints,
  type StoredCheckpoint,
} from '../../domain/retrain/checkpoint.js';
import type { TrainingStep } from '../../domain/retrain/training-folder.js';

/**
 * Checkpoints of an attempt, under keys of its own: an attempt that has timed out without noticing it
 * changes nothing of the next one.
 */
export interface AttemptCheckpoints {
  readonly retrainId: string;
  /** Id that no other attempt has. */
  readonly attempt: string;
}

/**
 * Downloads the files of the checkpoint with the highest step of all attempts into a folder; returns the
 * step, null without one. A checkpoint is left out if a file of it is missing, because another attempt
 * was removing it.
 */
export async function restoreCheckpoint(
  objects: ObjectStore,
  retrainId: string,
  folder: string,
  signal: AbortSignal,
): Promise<number | null> {
  await mkdir(folder, { recursive: true });
  for (const checkpoint of await listCheckpoints(objects, retrainId)) {
    if (!(await isComplete(objects, checkpoint))) continue;
    for (const { name, sha256 } of checkpoint.files) {
      const key = `${checkpoint.prefix}${sha256}`;
      await objects.getFile(BUCKETS.results, key, join(folder, name), { signal });
    }
    return checkpoint.step;
  }
  return null;
}

async function isComplete(
  objects: Pick<ObjectStore, 'stat'>,
  { prefix, files }: AttemptCheckpoint,
): Promise<boolean> {
  for (const { sha256 } of files)
    if (!(await objects.stat(BUCKETS.results, `${prefix}${sha256}`))) return false;
  return true;
}

/**
 * Uploads the files of a checkpoint by their content, then the list of them, so that a checkpoint is
 * complete or absent. Files that are no longer in the list are removed, and with the first checkpoint of
 * an attempt those of earlier attempts.
 */
export async function storeCheckpoint(
  objects: ObjectStore,
  { retrainId, attempt }: AttemptCheckpoints,
  folder: string,
  step: TrainingStep,
): Promise<void> {
  const prefix = keys.checkpoint(retrainId, attempt);
  const before = await findCheckpoint(objects, prefix);
  const stored = new Set(before?.files.map(({ sha256 }) => sha256));
  const files: StoredCheckpoint['files'][number][] = [];
  for (const name of (await readdir(folder)).filter((each) => CHECKPOINT_FILE.test(each)).sort()) {
    const path = join(folder, name);
    const sha256 = await sha256OfChunks(createReadStream(path));
    if (!stored.has(sha256)) await objects.putFile(BUCKETS.results, `${prefix}${sha256}`, path);
    files.push({ name, sha256 });
  }
  const text = JSON.stringify({ ...step, files } satisfies StoredCheckpoint);
  await objects.put(BUCKETS.results, `${prefix}${CHECKPOINT_LIST}`, text);
  const used = new Set(files.map(({ sha256 }) => sha256));
  for (const sha256 of stored)
    if (!used.has(sha256)) await objects.remove(BUCKETS.results, `${prefix}${sha256}`);
  if (!before) await removeEarlier(objects, { retrainId, prefix, step: step.step });
}

/** Removes the checkpoints of other attempts with at most a step. */
async function removeEarlier(
  objects: ObjectStore,
  own: { readonly retrainId: string; readonly prefix: string; readonly step: number },
): Promise<void> {
  for (const { prefix, step } of await listCheckpoints(objects, own.retrainId))
    if (prefix !== own.prefix && step <= own.step) await removeAll(objects, prefix);
}

/** Removes all checkpoints, after the training has ended. */
export function removeCheckpoints(objects: ObjectStore, retrainId: string): Promise<void> {
  return removeAll(objects, keys.checkpoints(retrainId));
}

async function removeAll(objects: ObjectStore, prefix: string): Promise<void> {
  const found = await Array.fromAsync(objects.list(BUCKETS.results, prefix));
  for (const key of found) await objects.remove(BUCKETS.results, key);
}
