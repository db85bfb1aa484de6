import { createReadStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfChunks } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import {
  CHECKPOINT_FILE,
  findCheckpoint,
  type StoredCheckpoint,
} from '../../domain/retrain/checkpoint.js';
import type { TrainingStep } from '../../domain/retrain/training-folder.js';

/** Downloads the files of the newest checkpoint into a folder; returns its step, null without one. */
export async function restoreCheckpoint(
  objects: ObjectStore,
  retrainId: string,
  folder: string,
  signal: AbortSignal,
): Promise<number | null> {
  await mkdir(folder, { recursive: true });
  const checkpoint = await findCheckpoint(objects, retrainId);
  if (!checkpoint) return null;
  for (const { name, sha256 } of checkpoint.files) {
    const key = keys.checkpointFile(retrainId, sha256);
    await objects.getFile(BUCKETS.results, key, join(folder, name), { signal });
  }
  return checkpoint.step;
}

/**
 * Uploads the files of a checkpoint by their content, then the list of them, so that a checkpoint is
 * complete or absent. Files without a place in the list are removed.
 */
export async function storeCheckpoint(
  objects: ObjectStore,
  retrainId: string,
  folder: string,
  step: TrainingStep,
): Promise<void> {
  const before = await findCheckpoint(objects, retrainId);
  const stored = new Set(before?.files.map(({ sha256 }) => sha256));
  const files: StoredCheckpoint['files'][number][] = [];
  for (const name of (await readdir(folder)).filter((each) => CHECKPOINT_FILE.test(each)).sort()) {
    const path = join(folder, name);
    const sha256 = await sha256OfChunks(createReadStream(path));
    if (!stored.has(sha256))
      await objects.putFile(BUCKETS.results, keys.checkpointFile(retrainId, sha256), path);
    files.push({ name, sha256 });
  }
  const text = JSON.stringify({ ...step, files } satisfies StoredCheckpoint);
  await objects.put(BUCKETS.results, keys.checkpoint(retrainId), text);
  const used = new Set(files.map(({ sha256 }) => sha256));
  for (const sha256 of stored) {
    if (!used.has(sha256))
      await objects.remove(BUCKETS.results, keys.checkpointFile(retrainId, sha256));
  }
}

/** Removes a checkpoint and its files, after the training has ended. */
export async function removeCheckpoint(objects: ObjectStore, retrainId: string): Promise<void> {
  await objects.remove(BUCKETS.results, keys.checkpoint(retrainId));
  const files = await Array.fromAsync(
    objects.list(BUCKETS.results, keys.checkpointFiles(retrainId)),
  );
  for (const key of files) await objects.remove(BUCKETS.results, key);
}
