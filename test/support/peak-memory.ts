import { readFile } from 'node:fs/promises';
import { processTree } from '../../adapters/ffmpeg/process-tree.js';

const EVERY_MS = 250;

/** Peak memory in bytes. */
export interface PeakMemory {
  /** Peak of the process itself, as the kernel recorded it. */
  readonly own: number;
  /** Peak of the process and its descendants together, at one moment. */
  readonly tree: number;
}

/** Watches the memory of a process and its descendants until the returned function is called. */
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

/** Returns the memory of a process; shared pages count proportionally (PSS). */
function shareOf(pid: number): Promise<number> {
  return kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss');
}

/** Returns a field of a proc(5) file in bytes; 0 if the process has exited. */
async function kilobytes(path: string, field: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}
