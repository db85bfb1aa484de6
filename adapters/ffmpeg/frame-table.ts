import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Keyframe } from '../../domain/video/plan.js';

/** Frames that decoders hold back to reorder: H.264 and HEVC allow 16; twice that is safe. */
const REORDER_DEPTH = 32;
const CHUNK_ENTRIES = 8192;
/** Keyframes that are remembered; past that, every second one is dropped. */
const KEYFRAMES_MAX = 65_536;

export interface FrameTable {
  /** Adds a frame in decoding order. */
  add(pts: number, isKey: boolean): Promise<void>;
  /** Writes what is left and closes the file. */
  finish(): Promise<FrameTableSummary>;
  /** Closes the file of a table that is not wanted any more; after `finish` it does nothing. */
  close(): void;
}

export interface FrameTableSummary {
  readonly frameCount: number;
  readonly keyframes: readonly Keyframe[];
  readonly firstPts: number;
  readonly lastPts: number;
  /** Whether PTS came twice, or so late that display order is unknown. */
  readonly disordered: boolean;
}

/** Writes the table of int64 little-endian PTS in display order, with memory of constant size. */
export function createFrameTable(path: string, reorder = true): FrameTable {
  const file = createWriteStream(path);
  const failed = once(file, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  const waiting: { pts: number; isKey: boolean }[] = [];
  let keyframes: Keyframe[] = [];
  let chunk = Buffer.alloc(CHUNK_ENTRIES * 8);
  let frameCount = 0;
  let last = -Infinity;
  let firstPts = 0;
  let disordered = false;

  const flush = async () => {
    const used = chunk.subarray(0, (frameCount % CHUNK_ENTRIES || CHUNK_ENTRIES) * 8);
    if (frameCount > 0 && !file.write(used)) await Promise.race([once(file, 'drain'), failed]);
    chunk = Buffer.alloc(CHUNK_ENTRIES * 8);
  };
  const emit = async ({ pts, isKey }: { pts: number; isKey: boolean }) => {
    if (pts <= last) disordered = true;
    if (frameCount === 0) firstPts = pts;
    last = pts;
    if (isKey) keyframes.push({ frame: frameCount, pts });
    if (keyframes.length > KEYFRAMES_MAX) keyframes = keyframes.filter((_, i) => i % 2 === 0);
    chunk.writeBigInt64LE(BigInt(pts), (frameCount % CHUNK_ENTRIES) * 8);
    if (++frameCount % CHUNK_ENTRIES === 0) await flush();
  };
  return {
    add: async (pts, isKey) => {
      insertSorted(waiting, { pts, isKey });
      if (waiting.length > (reorder ? REORDER_DEPTH : 0)) await emit(waiting.shift()!);
    },
    finish: async () => {
      for (const frame of waiting) await emit(frame);
      if (frameCount % CHUNK_ENTRIES !== 0) await flush();
      file.end();
      await Promise.race([once(file, 'close'), failed]);
      return { frameCount, keyframes, firstPts, lastPts: last, disordered };
    },
    close: () => void file.destroy(),
  };
}

function insertSorted<T extends { pts: number }>(sorted: T[], item: T): void {
  let at = sorted.length;
  while (at > 0 && sorted[at - 1]!.pts > item.pts) at--;
  sorted.splice(at, 0, item);
}
