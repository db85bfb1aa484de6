import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { decodeFile } from './file-frames.js';

const { signal } = new AbortController();
const NOON = Date.UTC(2026, 0, 11, 12);
const OUTPUT = { fps: 2, size: { width: 1, height: 1 }, maxPixels: 100 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Decodes with a shell script in place of ffmpeg. */
async function decodeWith(script: string, options = {}) {
  const launcher = join(folder, 'ffmpeg');
  await writeFile(launcher, `#!/bin/sh\n${script}\n`);
  await chmod(launcher, 0o755);
  const file = { launcher, path: '/clip.mp4', pace: 'fast', loop: false, output: OUTPUT } as const;
  return decodeFile({ ...file, now: () => NOON, ...options }, signal);
}
/** Script that writes frames with the given times. */
const frames = (...times: number[]) =>
  times.map((ms, i) => `printf "frame:${i} pts:${ms}\\n" >&3; printf aaa`).join('\n');

describe('decodeFile', () => {
  const arrivals = async (script: string, options = {}) =>
    (await collect(await decodeWith(script, options))).map(({ arrival }) => arrival - NOON);

  it.each<[what: string, times: number[], now: number, arrivals: number[]]>([
    ['times from 0', [0, 520, 1000], NOON, [0, 520, 1000]],
    ['times from within a slot', [80, 520, 1000], NOON, [80, 520, 1000]],
    ['times from a later slot', [10_040, 10_500], NOON, [40, 500]],
    ['negative times', [-40, 0], NOON, [460, 500]],
    ['a start within a slot', [0, 500], NOON + 1, [500, 1000]],
    ['a start at the end of a slot', [0, 500], NOON + 499, [500, 1000]],
  ])('lays %s on the grid', async (_, times, now, expected) => {
    expect(await arrivals(frames(...times), { now: () => now })).toEqual(expected);
  });

  it('continues in the next slot when the file starts again', async () => {
    const seen: number[] = [];
    for await (const { arrival } of await decodeWith(frames(0, 520), { loop: true })) {
      if (seen.push(arrival - NOON) === 5) break;
    }
    expect(seen).toEqual([0, 520, 1000, 1520, 2000]);
  });

  it('starts again at the present time in real time', async () => {
    let now = NOON;
    const seen: number[] = [];
    const options = { loop: true, pace: 'realtime', now: () => now };
    for await (const { arrival } of await decodeWith(frames(0), options)) {
      now = NOON + 7600;
      if (seen.push(arrival - NOON) === 2) break;
    }
    expect(seen).toEqual([0, 8000]);
  });

  it('rejects a file without frames, also when it loops', async () => {
    const file = await decodeWith('echo "moov atom not found" >&2; exit 1', { loop: true });
    await expect(collect(file)).rejects.toMatchObject({
      code: 'BAD_VIDEO',
      message: expect.stringContaining('no frame of the file can be decoded: moov') as string,
    });
  });

  it('fails after the frames of a decoder that was stopped', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { arrival } of await decodeWith(`${frames(0)}\nkill -9 $$`)) {
        seen.push(arrival - NOON);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    expect(seen).toEqual([0]);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    await decodeWith(`${frames(0)}\nexec sleep 60`);
    const launcher = join(folder, 'ffmpeg');
    const file = {
      launcher,
      path: '/clip.mp4',
      pace: 'fast',
      loop: false,
      output: OUTPUT,
    } as const;
    const reading = (async () => {
      for await (const _frame of decodeFile(file, controller.signal)) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
