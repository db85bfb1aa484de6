import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { type ChunkRef, logKeys, parseChunkKey } from './log-keys.js';
import { type NumberedStretch, readSegments } from './segment.js';

/**
 * Reads the chunks of a segment that is not yet stored, up to the first missing one. Undefined if
 * one was removed while they were read: the segment is stored by now.
 */
export async function readChunks(
  log: LogRef,
  segment: Omit<ChunkRef, 'chunk'>,
  options?: RequestOptions,
): Promise<NumberedStretch[] | undefined> {
  const stretches: NumberedStretch[] = [];
  for (const ref of await listChunks(log, segment, options)) {
    const key = logKeys.chunk(log.uuid, ref);
    const data = await log.store.find(BUCKETS.streams, key, options);
    if (!data) return undefined;
    stretches.push(...readSegments(data));
  }
  return stretches;
}

async function listChunks(
  { store, uuid }: LogRef,
  { epoch, segment }: Omit<ChunkRef, 'chunk'>,
  options?: RequestOptions,
): Promise<ChunkRef[]> {
  const refs: ChunkRef[] = [];
  const prefix = logKeys.chunksOf(uuid, epoch);
  for await (const key of store.list(BUCKETS.streams, prefix, options)) {
    const ref = parseChunkKey(key);
    if (ref?.segment === segment) refs.push(ref);
  }
  return refs.sort((a, b) => a.chunk - b.chunk).filter(({ chunk }, rank) => chunk === rank);
}
