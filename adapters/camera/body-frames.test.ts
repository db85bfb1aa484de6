import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../test/support/collect.js';
import { decodeBody } from './body-frames.js';

const { signal } = new AbortController();
const OUTPUT = { fps: 2, size: { width: 2, height: 1 }, maxPixels: 100 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-body-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bodyOf = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

/** Decodes with a shell script in place of ffmpeg. */
async function decodeWith(
  name: string,
  script: string,
  body = bodyOf('abc', 'def'),
  silenceMs?: number,
) {
  const launcher = join(folder, name);
  await writeFile(launcher, `#!/bin/sh\n${script}\n`);
  await chmod(launcher, 0o755);
  return decodeBody({ launcher, format: 'mpegts', output: OUTPUT, silenceMs }, body, signal);
}

describe('decodeBody', () => {
  it('decodes a body to its end', async () => {
    const frames = await decodeWith('cat', 'echo "frame:0 pts:1500" >&3; cat');
    expect(await collect(frames)).toEqual([{ arrival: 1500, planes: Buffer.from('abcdef') }]);
  });

  it('rejects a body without a frame, with the reason', async () => {
    const frames = await decodeWith('broken', 'cat >/dev/null; echo "no such stream" >&2; exit 1');
    await expect(collect(frames)).rejects.toMatchObject({
      code: 'STREAM_NO_VIDEO',
      message: expect.stringContaining('cannot be decoded: no such stream') as string,
    });
  });

  it('reports a body that fails, after its frames', async () => {
    async function* failing() {
      yield await Promise.resolve(Buffer.from('abcdef'));
      throw new Error('the camera closed the connection');
    }
    const body = Readable.from(failing());
    const frames = await decodeWith('fails', 'echo "frame:0 pts:1" >&3; cat', body);
    expect((await frames.next()).value).toMatchObject({ arrival: 1 });
    await expect(frames.next()).rejects.toThrow('the camera closed the connection');
  });

  it('reports a body that stays open without data', async () => {
    const body = new Readable({ read: () => undefined });
    const frames = await decodeWith('silent', 'exec cat', body, 100);
    await expect(collect(frames)).rejects.toMatchObject({
      code: 'STREAM_TIMEOUT',
      message: expect.stringContaining('sent no data for 100 ms') as string,
    });
    expect(body.destroyed).toBe(true);
  });

  it('reports a body whose video ends while its data continue', async () => {
    const body = new Readable({ read: () => undefined });
    const timer = setInterval(() => body.push('x'), 20);
    const script = 'echo "frame:0 pts:1" >&3; printf aaaaaa; exec cat >/dev/null';
    const frames = await decodeWith('soundonly', script, body, 100);
    await expect(collect(frames)).rejects.toMatchObject({
      code: 'STREAM_TIMEOUT',
      message: expect.stringContaining('sent no video for 600 ms') as string,
    });
    clearInterval(timer);
  });

  it('closes a body whose frames are not read to the end', async () => {
    const body = new Readable({ read: () => undefined });
    body.push('abcdef');
    const frames = await decodeWith('open', 'echo "frame:0 pts:1" >&3; cat', body);
    await frames.next();
    await frames.return();
    expect(body.destroyed).toBe(true);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    await decodeWith('hung', 'exec sleep 60');
    const settings = { launcher: join(folder, 'hung'), format: 'flv', output: OUTPUT } as const;
    const reading = collect(decodeBody(settings, bodyOf('abc'), controller.signal));
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
