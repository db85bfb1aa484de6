import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { type ChunkRef, logKeys, parseChunkKey } from './log-keys.js';
import { type NumberedStretch, readSegments } from './segment.js';

/** Chunks of a segment that is not yet stored. */
export interface SegmentChunks {
  readonly epoch: string;
  readonly segment: number;
  /** Number of its chunks that are left out, because they were read before. */
  readonly known: number;
}

/**
 * Reads the chunks of a segment after the known ones, up to the first missing one: a stretch of
 * each. Undefined if one was removed while they were read: the segment is stored by now.
 */
export async function readChunks(
  log: LogRef,
  chunks: SegmentChunks,
  options?: RequestOptions,
): Promise<NumberedStretch[] | undefined> {
  const stretches: NumberedStretch[] = [];
  for (const ref of await listChunks(log, chunks, options)) {
    const key = logKeys.chunk(log.uuid, ref);
    const data = await log.store.find(BUCKETS.streams, key, options);
    if (!data) return undefined;
    stretches.push(...readSegments(data));
  }
  return stretches;
}

async function listChunks(
  { store, uuid }: LogRef,
  { epoch, segment, known }: SegmentChunks,
  options?: RequestOptions,
): Promise<ChunkRef[]> {
  const refs: ChunkRef[] = [];
  const prefix = logKeys.chunksOf(uuid, epoch);
  const after = known > 0 && { after: logKeys.chunk(uuid, { epoch, segment, chunk: known - 1 }) };
  for await (const key of store.list(BUCKETS.streams, prefix, { ...options, ...after })) {
    const ref = parseChunkKey(key);
    if (ref?.segment === segment) refs.push(ref);
  }
  return refs.sort((a, b) => a.chunk - b.chunk).filter(({ chunk }, rank) => chunk === known + rank);
}
