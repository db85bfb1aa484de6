import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { startDecoder } from './decoder-process.js';

const OUTPUT = { fps: 2, size: { width: 2, height: 1 }, maxPixels: 100 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-decoder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a shell script in place of ffmpeg. */
async function startScript(name: string, script: string) {
  const launcher = join(folder, name);
  await writeFile(launcher, `#!/bin/sh\n${script}\n`);
  await chmod(launcher, 0o755);
  return startDecoder(launcher, { kind: 'units' }, OUTPUT);
}

describe('a decoder process', () => {
  it('pairs each frame with its time', async () => {
    const decoder = await startScript(
      'two',
      'printf "frame:0 pts:40\\nvidette=1\\nframe:1 pts:540\\nvidette=1\\n" >&3; printf aaaaaabbbbbb',
    );
    const frames = await collect(decoder.frames);
    expect(frames.map(({ timeMs, planes }) => [timeMs, planes.toString()])).toEqual([
      [40, 'aaaaaa'],
      [540, 'bbbbbb'],
    ]);
    expect(await decoder.ended).toEqual({ ok: true, message: 'exit code 0' });
  });

  it('keeps what arrives before its frames are read', async () => {
    const decoder = await startScript('early', 'printf "frame:0 pts:1\\n" >&3; printf aaaaaa');
    await new Promise((done) => setTimeout(done, 200));
    expect(await collect(decoder.frames)).toHaveLength(1);
  });

  it('passes its input on', async () => {
    const decoder = await startScript('cat', 'echo "frame:0 pts:7" >&3; cat');
    expect(await decoder.write(Buffer.from('abc'))).toBe(true);
    expect(await decoder.write(Buffer.from('def'))).toBe(true);
    decoder.end();
    const frames = await collect(decoder.frames);
    expect(frames.map(({ planes }) => planes.toString())).toEqual(['abcdef']);
  });

  it('rejects a frame without a time', async () => {
    const decoder = await startScript('untimed', 'printf aaaaaa');
    await expect(collect(decoder.frames)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });

  it('reports the first error of the log', async () => {
    const decoder = await startScript(
      'error',
      'echo "[h264 @ 0x55d0] no frame!" >&2; echo second >&2; exit 3',
    );
    expect(await collect(decoder.frames)).toEqual([]);
    expect(await decoder.ended).toEqual({ ok: false, message: 'no frame!' });
  });

  it('ends at once when it is killed, and reports that nothing is written afterwards', async () => {
    const decoder = await startScript('hung', 'exec sleep 60');
    decoder.kill();
    expect(await collect(decoder.frames)).toEqual([]);
    expect(await decoder.ended).toEqual({ ok: false, message: 'signal SIGKILL' });
    expect(await decoder.write(Buffer.alloc(1_000_000))).toBe(false);
  });

  it('reports a launcher that cannot be started', async () => {
    const decoder = startDecoder(join(folder, 'missing'), { kind: 'units' }, OUTPUT);
    expect(await collect(decoder.frames)).toEqual([]);
    expect(await decoder.ended).toMatchObject({
      ok: false,
      message: expect.stringContaining('ENOENT') as string,
    });
  });
});
