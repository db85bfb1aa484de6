import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import type { LogRef } from './fence.js';
import { logKeys } from './log-keys.js';
import { encodeSegment, endOf } from './segment.js';
import type { BufferedSegment } from './segment-buffer.js';

/** Stores the entries of growing segments in chunks, each entry once. */
export interface ChunkWriter {
  /** Stores the entries that the segment has at the time of the call. */
  store(segment: BufferedSegment, options?: RequestOptions): Promise<void>;
  /** Reports that a segment is stored as a whole, so that its chunks can be removed. */
  replace(segment: BufferedSegment): void;
  /** Removes at most some chunks that were replaced. */
  removeReplaced(limit: number, options?: RequestOptions): Promise<void>;
}

/** A chunk with the state that follows it. */
interface Chunk {
  readonly key: string;
  readonly text: string;
  readonly then: Pick<ChunkState, 'entries' | 'first' | 'from'>;
}

/** Chunks of a segment so far. */
interface ChunkState {
  count: number;
  /** Number of the segment's entries that are stored. */
  entries: number;
  /** Number of the first row, and start, of the next chunk. */
  first: number;
  from: number;
  /**
   * A chunk of which it is unknown whether it is stored. It is stored again with the same content,
   * because a failed request may still arrive at the store later.
   */
  unsure?: Chunk | undefined;
}

/** Creates the writer of an epoch's chunks. */
export function createChunkWriter({ store, uuid }: LogRef, epoch: string): ChunkWriter {
  const states = new WeakMap<BufferedSegment, ChunkState>();
  const replaced: string[] = [];

  function stateOf(segment: BufferedSegment): ChunkState {
    const { first, from } = segment;
    const state = states.get(segment) ?? { count: 0, entries: 0, first, from };
    states.set(segment, state);
    return state;
  }

  function createChunk(segment: BufferedSegment, state: ChunkState): Chunk {
    const { index, fps, to, entries } = segment;
    const { first, from } = state;
    const stretch = { first, from, fps, to, entries: entries.slice(state.entries) };
    return {
      key: logKeys.chunk(uuid, { epoch, segment: index, chunk: state.count++ }),
      text: encodeSegment(epoch, stretch),
      then: { entries: entries.length, first: endOf(stretch).next, from: to },
    };
  }

  return {
    async store(segment, options) {
      const state = stateOf(segment);
      const target = segment.entries.length;
      while (state.entries < target) {
        const { key, text, then } = (state.unsure ??= createChunk(segment, state));
        await store.put(BUCKETS.streams, key, text, options);
        Object.assign(state, { ...then, unsure: undefined });
      }
    },
    replace(segment) {
      for (let chunk = 0; chunk < stateOf(segment).count; chunk++) {
        replaced.push(logKeys.chunk(uuid, { epoch, segment: segment.index, chunk }));
      }
      states.delete(segment);
    },
    async removeReplaced(limit, options) {
      for (let removed = 0; removed < limit && replaced[0] !== undefined; removed++) {
        await store.remove(BUCKETS.streams, replaced[0], options);
        replaced.shift();
      }
    },
  };
}
