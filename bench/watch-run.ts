import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { type Progress, PROGRESS_QUERY } from '../domain/job/progress.js';
import { memoryOf } from './cpu-meter.js';
import type { OwnStack } from './own-stack.js';

/** Measurements of a job while it ran. */
export interface Watched {
  /** Frames per second between 20 % and 80 % of the frames; NaN if unknown. */
  readonly steadyFps: number;
  /** Peak memory in bytes, by part of the system. */
  readonly peakMemory: Readonly<Record<string, number>>;
  /** Peak size of the scratch folder in bytes. */
  readonly peakScratch: number;
}

const INTERVAL_MS = 1000;
const STEADY = { from: 0.2, to: 0.8 };

/** Samples a job, its processes and its scratch folder every second until `ended` settles. */
export async function watchRun(
  { pids, scratchDir }: OwnStack,
  handle: WorkflowHandle,
  ended: Promise<unknown>,
): Promise<Watched> {
  const samples: { at: number; done: number; total: number }[] = [];
  const peakMemory: Record<string, number> = {};
  let peakScratch = 0;
  let hasEnded = false;
  const end = ended.finally(() => (hasEnded = true)).catch(() => undefined);
  while (!hasEnded) {
    const progress = await handle.query<Progress>(PROGRESS_QUERY).catch(() => undefined);
    const { frames_done: done = 0, frames_total: total } = progress ?? {};
    if (total) samples.push({ at: Date.now(), done, total });
    for (const [part, bytes] of Object.entries(memoryOf(pids))) {
      peakMemory[part] = Math.max(peakMemory[part] ?? 0, bytes);
    }
    peakScratch = Math.max(peakScratch, await countBytes(scratchDir));
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))]);
  }
  return { steadyFps: steadyFps(samples), peakMemory, peakScratch };
}

/** @example steadyFps([{ at: 0, done: 2, total: 10 }, { at: 1000, done: 8, total: 10 }]) // 6 */
export function steadyFps(
  samples: readonly { readonly at: number; readonly done: number; readonly total: number }[],
): number {
  const middle = samples.filter(
    ({ done, total }) => done >= STEADY.from * total && done <= STEADY.to * total,
  );
  const [first, last] = [middle[0], middle.at(-1)];
  if (!first || !last || first.done === last.done || first.at === last.at) return Number.NaN;
  return (1000 * (last.done - first.done)) / (last.at - first.at);
}

/** Counts a file with several hard links once, and ignores files that are deleted meanwhile. */
async function countBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => undefined));
  const sizes = new Map<number, number>();
  for (const file of await Promise.all(found)) if (file) sizes.set(file.ino, file.size);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
