import { Gauge, type Registry } from 'prom-client';
import { readDiskSpace } from '../../platform/disk-space.js';

/** Time for which the size of files is reused: there may be thousands of them. */
const REUSE_MS = 10_000;

/** Files whose bytes are limited. */
export interface LimitedFiles {
  readonly limitBytes: number;
  readonly usedBytes: () => Promise<number>;
}

/**
 * Adds the bytes of the scratch files of this host and their limits, by their kind, and the free part
 * of their disk.
 * @param folder a folder on that disk.
 */
export function addScratchGauges(
  registers: Registry[],
  folder: string,
  files: Readonly<Record<'frames' | 'sources', LimitedFiles>>,
): void {
  const limits = new Gauge({
    name: 'vidette_scratch_limit_bytes',
    help: 'Limit for the bytes of a kind of scratch files on this host',
    labelNames: ['kind'],
    registers,
  });
  for (const [kind, { limitBytes }] of Object.entries(files)) limits.set({ kind }, limitBytes);
  let measuredAt = -Infinity;
  new Gauge({
    name: 'vidette_scratch_bytes',
    help: 'Bytes of scratch files on this host: frames (in progress, and room that is promised to them) or sources (copies of videos)',
    labelNames: ['kind'],
    registers,
    async collect() {
      if (performance.now() - measuredAt < REUSE_MS) return;
      measuredAt = performance.now();
      for (const [kind, { usedBytes }] of Object.entries(files)) {
        this.set({ kind }, await usedBytes());
      }
    },
  });
  new Gauge({
    name: 'vidette_scratch_disk_free_ratio',
    help: 'Free part of the disk of the scratch files, 0 to 1',
    registers,
    async collect() {
      const space = await readDiskSpace(folder);
      if (space) this.set(space.freeBytes / space.sizeBytes);
    },
  });
}
