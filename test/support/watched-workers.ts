import { expect } from 'vitest';
import { watchMemory } from './peak-memory.js';
import { scratchLeftovers } from './processes.js';
import type { TestStack } from './stack.js';
import { WORKER_NAMES } from './workers.js';

const MEBIBYTE = 1024 ** 2;
/** What a worker may take for itself, and with all that it starts, whatever it is given. */
const MEMORY_MAX = { own: 500 * MEBIBYTE, tree: 2048 * MEBIBYTE };

/**
 * Watches both workers of a stack. What it returns checks that they are the same processes still,
 * never took more memory than they may, and left nothing in their scratch folder.
 */
export function watchWorkers(stack: TestStack): () => Promise<void> {
  const watched = WORKER_NAMES.map((name) => {
    const pid = stack.workers.pid(name);
    return { name, pid, peak: watchMemory(pid) };
  });
  return async () => {
    for (const { name, pid, peak } of watched) {
      const { own, tree } = await peak();
      const inMebibytes = [own, tree].map((bytes) => Math.round(bytes / MEBIBYTE));
      console.log(`${name}: ${inMebibytes[0]} MiB, with its children ${inMebibytes[1]} MiB`);
      expect(stack.workers.pid(name)).toBe(pid);
      expect(own).toBeGreaterThan(0);
      expect(own).toBeLessThan(MEMORY_MAX.own);
      expect(tree).toBeLessThan(MEMORY_MAX.tree);
    }
    expect(await scratchLeftovers(stack.folder)).toEqual([]);
  };
}
