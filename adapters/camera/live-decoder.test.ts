import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUnitQueue } from '../../domain/stream/unit-queue.js';
import { accessUnit } from '../../test/support/access-units.js';
import { type LiveFrame, startLiveDecoder } from './live-decoder.js';

const OUTPUT = { fps: 2, size: { width: 2, height: 1 }, maxPixels: 100 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-live-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a shell script in place of ffmpeg, on a queue with the given units. */
async function startScript(name: string, script: string, units = [KEYFRAME]) {
  const launcher = join(folder, name);
  await writeFile(launcher, `#!/bin/sh\n${script}\n`);
  await chmod(launcher, 0o755);
  const queue = createUnitQueue({ maxLagMs: () => 1000, onDrop: () => undefined });
  for (const unit of units) queue.push(unit);
  const frames: LiveFrame[] = [];
  const onFrame = (frame: LiveFrame) => void frames.push(frame);
  const settings = { launcher, codec: 'h264', output: OUTPUT, now: () => 1000, onFrame } as const;
  return { queue, frames, decoder: startLiveDecoder(settings, queue) };
}

const KEYFRAME = accessUnit(1000, {
  ...{ key: true, damaged: true, cameraTime: 7 },
  data: Buffer.alloc(1000),
});
/** Reads the header and most of a cluster, then writes its frame. */
const ONE_FRAME = 'head -c 900 >/dev/null; printf "frame:0 pts:1000\\n" >&3; printf aaaaaa';

describe('a live decoder', () => {
  it('returns frames with the properties of their units', async () => {
    const { frames, decoder } = await startScript('frame', ONE_FRAME);
    await decoder.ended;
    const planes = Buffer.from('aaaaaa');
    expect(frames).toEqual([{ arrival: 1000, planes, key: true, damaged: true, cameraTime: 7 }]);
  });

  it('marks a frame of an unknown unit as damaged', async () => {
    const { frames, decoder } = await startScript('unknown', ONE_FRAME.replace('1000', '77'));
    await decoder.ended;
    expect(frames).toMatchObject([{ arrival: 77, key: false, damaged: true }]);
  });

  it('writes the units of its queue one after the other', async () => {
    const units = [KEYFRAME, accessUnit(1040), accessUnit(1080)];
    const { queue, decoder } = await startScript('drain', 'exec cat >/dev/null', units);
    await expect.poll(() => queue.lagMs(2000)).toBe(0);
    queue.push(accessUnit(1120));
    decoder.pump();
    await expect.poll(() => queue.lagMs(2000)).toBe(0);
    decoder.close();
    expect(await decoder.ended).toMatchObject({ cause: 'closed' });
  });

  it('reports why ffmpeg failed', async () => {
    const { decoder } = await startScript('broken', 'echo "no frame!" >&2; exit 1');
    expect(await decoder.ended).toEqual({ cause: 'failed', message: 'no frame!' });
  });

  it('fails when ffmpeg reports no times', async () => {
    const script = 'printf aaaaaa; exec 3>&-; exec sleep 60';
    const { frames, decoder } = await startScript('untimed', script);
    expect(await decoder.ended).toMatchObject({
      cause: 'failed',
      message: expect.stringContaining('without reporting its timestamp') as string,
    });
    expect(frames).toEqual([]);
  });

  it('leaves the units to another decoder that a crashed one did not read', async () => {
    const units = Array.from({ length: 20 }, (_, i) => ({
      ...accessUnit(1000 + i, { key: true }),
      data: Buffer.alloc(1_000_000),
    }));
    const { queue, decoder } = await startScript('crash', 'head -c 100 >/dev/null; exit 1', units);
    await decoder.ended;
    queue.release();
    expect(queue.next(1000)?.arrival).toBeLessThan(1010);
  });

  it('does not touch its queue after it was closed', async () => {
    const large = { ...KEYFRAME, data: Buffer.alloc(4_000_000) };
    const { queue, decoder } = await startScript('hung', 'exec sleep 60', [large]);
    await expect.poll(() => queue.lagMs(2000)).toBe(0);
    queue.push(accessUnit(1040));
    decoder.close();
    await decoder.ended;
    expect(queue.next(1040)).toBeUndefined();
    queue.clear();
    queue.push(KEYFRAME);
    decoder.pump();
    expect(queue.next(1000)).toBe(KEYFRAME);
  });
});
