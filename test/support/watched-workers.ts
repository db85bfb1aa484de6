import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchMemory } from './peak-memory.js';
import { scratchLeftovers } from './processes.js';
import type { TestStack } from './stack.js';
import { WORKER_NAMES } from './workers.js';

const MEBIBYTE = 1024 ** 2;
/** Memory limits of a worker, and of it with all its child processes, for any input. */
const MEMORY_MAX = { own: 500 * MEBIBYTE, tree: 2048 * MEBIBYTE };
/** Time within which the files of an ended job are removed. */
const LEFTOVERS_MS = 15_000;

/**
 * Watches both workers of a stack. The function that it returns throws if one has restarted, used
 * too much memory, or left files in its scratch folder.
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
      assert.equal(stack.workers.pid(name), pid, `${name} has restarted`);
      assert.ok(own > 0 && own < MEMORY_MAX.own, `${name} used ${own} bytes`);
      assert.ok(tree < MEMORY_MAX.tree, `${name} and its children used ${tree} bytes`);
    }
    assert.deepEqual(await remainingFiles(stack.folder), []);
  };
}

/** Returns the files in the scratch folder after they are removed or the time is up. */
async function remainingFiles(folder: string): Promise<string[]> {
  for (const end = Date.now() + LEFTOVERS_MS; ; await sleep(200)) {
    const files = await scratchLeftovers(folder);
    if (files.length === 0 || Date.now() > end) return files;
  }
}
