import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scratch } from '../../domain/ports/scratch.js';
import { createScratch } from './scratch-folder.js';

const LIMIT_BYTES = 1000;
const RANGE = { eventId: 'e1', range: 2 };

let folder: string;
let scratch: Scratch;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-scratch-'));
  scratch = await createScratch(folder, LIMIT_BYTES);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Leaves a file of so many bytes to a range, as a step does. */
async function keepFile(name: string, bytes: number, range = RANGE): Promise<void> {
  await scratch.attempt(bytes, async (attempt) => {
    const path = join(attempt, name);
    await writeFile(path, Buffer.alloc(bytes, 1));
    await scratch.keep(range, name, path);
  });
}

const done = () => Promise.resolve('done');
const attempts = () => readdir(join(folder, 'attempts'));

describe('an attempt', () => {
  it('has a folder of its own that is gone afterwards', async () => {
    const both = ['one', 'two'].map((name) =>
      scratch.attempt(10, async (attempt) => {
        await writeFile(join(attempt, name), name);
        return [attempt, await readdir(attempt)] as const;
      }),
    );
    const [one, two] = await Promise.all(both);
    expect(one?.[0]).not.toBe(two?.[0]);
    expect([one?.[1], two?.[1]]).toEqual([['one'], ['two']]);
    expect(await attempts()).toEqual([]);
  });

  it('leaves nothing behind when its work fails', async () => {
    const work = scratch.attempt(LIMIT_BYTES, async (attempt) => {
      await mkdir(join(attempt, 'deep'));
      await writeFile(join(attempt, 'deep', 'file'), 'half');
      throw new Error('no frames');
    });
    await expect(work).rejects.toThrow('no frames');
    expect(await attempts()).toEqual([]);
    // And what it had reserved is free again.
    expect(await scratch.attempt(LIMIT_BYTES, done)).toBe('done');
  });

  it.each([
    ['all of it', 0, LIMIT_BYTES],
    ['one byte too many', 0, LIMIT_BYTES + 1],
    ['the rest beside what is kept', 400, 600],
    ['one byte more than the rest', 400, 601],
  ])('of %s is given room only within the limit', async (_, kept, asked) => {
    if (kept > 0) await keepFile('frames.yuv', kept);
    const attempt = scratch.attempt(asked, done);
    if (kept + asked <= LIMIT_BYTES) expect(await attempt).toBe('done');
    else await expect(attempt).rejects.toMatchObject({ code: 'SCRATCH_FULL', retryable: true });
    expect(await attempts()).toEqual([]);
  });

  it('is refused while another one may still fill the room', async () => {
    await scratch.attempt(600, async () => {
      const second = scratch.attempt(600, done);
      await expect(second).rejects.toMatchObject({ code: 'SCRATCH_FULL' });
    });
    expect(await scratch.attempt(600, done)).toBe('done');
  });

  it('names the setting by which the room is made larger', async () => {
    await expect(scratch.attempt(2000, done)).rejects.toThrow(
      /2000 bytes.*1000 allowed \(VIDETTE_SCRATCH_LIMIT_GB\)/,
    );
  });
});

describe('the files of a range', () => {
  it('are found after their attempt, and gone once they are dropped', async () => {
    await keepFile('frames.yuv', 10);
    const path = await scratch.find(RANGE, 'frames.yuv');
    expect(await readFile(path)).toEqual(Buffer.alloc(10, 1));
    await scratch.drop(RANGE, 'frames.yuv');
    await expect(scratch.find(RANGE, 'frames.yuv')).rejects.toMatchObject({
      code: 'SCRATCH_LOST',
      facts: RANGE,
    });
    await scratch.drop(RANGE, 'frames.yuv');
  });

  it('are replaced by those of a later attempt', async () => {
    await keepFile('frames.yuv', 10);
    await keepFile('frames.yuv', 20);
    expect((await stat(await scratch.find(RANGE, 'frames.yuv'))).size).toBe(20);
  });

  it('can be a folder, replaced as a whole', async () => {
    for (const name of ['first.jpg', 'second.jpg']) {
      await scratch.attempt(10, async (attempt) => {
        const jpegs = join(attempt, 'jpegs');
        await mkdir(jpegs);
        await writeFile(join(jpegs, name), name);
        await scratch.keep(RANGE, 'jpegs', jpegs);
      });
    }
    expect(await readdir(await scratch.find(RANGE, 'jpegs'))).toEqual(['second.jpg']);
  });

  it('go with their range, which leaves those of its neighbours', async () => {
    const neighbour = { ...RANGE, range: 3 };
    await keepFile('frames.yuv', 10);
    await keepFile('frames.yuv', 10, neighbour);
    await scratch.dropRange(RANGE);
    await expect(scratch.find(RANGE, 'frames.yuv')).rejects.toMatchObject({ code: 'SCRATCH_LOST' });
    await scratch.find(neighbour, 'frames.yuv');
    await scratch.dropRange(neighbour);
    expect(await readdir(join(folder, 'ranges'))).toEqual([]);
  });

  it('go with their event, which leaves those of others', async () => {
    const other = { eventId: 'e10', range: 2 };
    await keepFile('frames.yuv', 10);
    await keepFile('frames.yuv', 10, other);
    await scratch.dropEvent(RANGE.eventId);
    await scratch.dropEvent('never-there');
    expect(await readdir(join(folder, 'ranges'))).toEqual(['e10']);
    await scratch.find(other, 'frames.yuv');
  });
});

describe('ids from outside', () => {
  const HOSTILE = ['..', '../../victim', '/tmp', 'a/b', '', 'a\0b', '.'];

  it.each(HOSTILE)('rejects the event id %j and changes nothing', async (eventId) => {
    const victim = join(folder, '..', 'victim');
    await keepFile('frames.yuv', 10);
    const before = await readdir(folder, { recursive: true });
    const range = { eventId, range: 0 };
    for (const call of [
      () => scratch.dropEvent(eventId),
      () => scratch.dropRange(range),
      () => scratch.drop(range, 'raw'),
      () => scratch.find(range, 'raw'),
      () => scratch.keep(range, 'raw', victim),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it.each([-1, 0.5, NaN, '../..' as unknown as number])('rejects the range %j', async (range) => {
    const dropped = scratch.dropRange({ ...RANGE, range });
    await expect(dropped).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a process that is started again on a folder', () => {
  it('polls the same queue, and finds what was kept', async () => {
    await keepFile('frames.yuv', 10);
    const again = await createScratch(folder, LIMIT_BYTES);
    expect(again.hostId).toBe(scratch.hostId);
    expect(basename(await again.find(RANGE, 'frames.yuv'))).toBe('frames.yuv');
  });

  it('removes the attempts of its former life', async () => {
    const left = join(folder, 'attempts', 'left-over');
    await mkdir(left);
    await writeFile(join(left, 'frames.yuv'), Buffer.alloc(LIMIT_BYTES));
    const again = await createScratch(folder, LIMIT_BYTES);
    expect(await attempts()).toEqual([]);
    expect(await again.attempt(LIMIT_BYTES, done)).toBe('done');
  });

  it('has an id that no other folder has', async () => {
    const other = await createScratch(join(folder, 'other'), LIMIT_BYTES);
    expect(other.hostId).not.toBe(scratch.hostId);
  });
});
