import { readFile } from 'node:fs/promises';
import { processTree } from '../../adapters/ffmpeg/process-tree.js';

const EVERY_MS = 250;

/** Most memory that was seen, in bytes. */
export interface PeakMemory {
  /** Of the process itself at any time, as the kernel noted it. */
  readonly own: number;
  /** Of the process and all that it started, at one moment. */
  readonly tree: number;
}

/** Watches the memory of a process and of all that it starts, until it is asked. */
export function watchMemory(pid: number): () => Promise<PeakMemory> {
  let tree = 0;
  const look = async () => {
    const sizes = await Promise.all((await processTree(pid)).map(shareOf));
    tree = Math.max(
      tree,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return async () => {
    clearInterval(timer);
    return { own: await kilobytes(`/proc/${pid}/status`, 'VmHWM'), tree };
  };
}

/** Memory of a process, with pages that are shared counted by share. */
function shareOf(pid: number): Promise<number> {
  return kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss');
}

/** A field of a file of proc(5) in bytes; 0 where the process has ended. */
async function kilobytes(path: string, field: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}
