import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scratch } from '../../domain/ports/scratch.js';

const LIMIT_BYTES = 1000;
const RANGE = { eventId: 'event', range: 3 };

/**
 * Suite for every implementation of {@link Scratch}.
 * @param create opens the scratch of a folder with a limit in bytes.
 */
export function scratchContract(
  name: string,
  create: (folder: string, maxBytes: number) => Promise<Scratch>,
): void {
  describe(`${name} as scratch`, () => {
    let folder: string;
    let scratch: Scratch;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vidette-scratch-'));
      scratch = await create(folder, LIMIT_BYTES);
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const keep = (text: string, range = RANGE) =>
      scratch.attempt(text.length, async (attempt) => {
        const path = join(attempt, 'draft');
        await writeFile(path, text);
        await scratch.keep(range, 'frames', path);
      });

    it('removes the folder of an attempt, also of one that fails', async () => {
      const folders: string[] = [];
      const attempt = scratch.attempt(1, (path) => {
        folders.push(path);
        return Promise.reject(new Error('failed'));
      });
      await expect(attempt).rejects.toThrow('failed');
      folders.push(await scratch.attempt(1, (path) => Promise.resolve(path)));
      for (const path of folders) await expect(stat(path)).rejects.toThrow('ENOENT');
      expect(new Set(folders).size).toBe(2);
    });

    it('keeps a file of a range, and replaces it', async () => {
      await keep('first');
      await keep('second');
      expect(await readFile(await scratch.find(RANGE, 'frames'), 'utf8')).toBe('second');
      expect(await scratch.events()).toEqual(['event']);
    });

    it('keeps a folder of a range', async () => {
      await scratch.attempt(1, async (attempt) => {
        const path = join(attempt, 'images');
        await mkdir(path);
        await writeFile(join(path, '0.jpg'), 'x');
        await scratch.keep(RANGE, 'images', path);
      });
      expect(await readdir(await scratch.find(RANGE, 'images'))).toEqual(['0.jpg']);
    });

    it('drops a file, a range and an event', async () => {
      const lost = { code: 'SCRATCH_LOST', facts: RANGE };
      await keep('x');
      await scratch.drop(RANGE, 'frames');
      await expect(scratch.find(RANGE, 'frames')).rejects.toMatchObject(lost);
      await keep('x');
      await scratch.dropRange(RANGE);
      await expect(scratch.find(RANGE, 'frames')).rejects.toMatchObject(lost);
      await keep('x');
      await scratch.dropEvent('event');
      await expect(scratch.find(RANGE, 'frames')).rejects.toMatchObject(lost);
      expect(await scratch.events()).toEqual([]);
      await expect(scratch.dropEvent('absent')).resolves.toBeUndefined();
    });

    it('rejects an attempt that exceeds the limit with what is kept and reserved', async () => {
      await keep('x'.repeat(400));
      await scratch.attempt(400, async () => {
        const third = scratch.attempt(400, () => Promise.resolve());
        await expect(third).rejects.toMatchObject({ code: 'SCRATCH_FULL', retryable: true });
      });
      await expect(scratch.attempt(600, () => Promise.resolve('fits'))).resolves.toBe('fits');
    });

    it('has the same host id after a restart, and still has what it kept', async () => {
      await keep('x');
      const restarted = await create(folder, LIMIT_BYTES);
      expect(restarted.hostId).toBe(scratch.hostId);
      expect(await readFile(await restarted.find(RANGE, 'frames'), 'utf8')).toBe('x');
    });
  });
}
