import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { readConfig } from '../../config/index.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import { HOSTILE_FILES, type Targets } from '../support/hostile-files.js';
import { type Listener, startListener } from '../support/listener.js';
import { encode, filtered } from '../support/media-files.js';

const { signal } = new AbortController();
/** Old enough that a file system with relaxed access times records the next read. */
const LAST_READ = new Date('2001-01-01T00:00:00Z');

let tools: VideoTools;
let listener: Listener;
let targets: Targets;
let folder: string;

beforeAll(async () => {
  listener = await startListener();
  folder = await mkdtemp(join(tmpdir(), 'vidette-hostile-'));
  tools = await createVideoTools(readConfig({}).ffmpeg, folder);
  const [clip, secret] = [join(folder, 'clip.mp4'), join(folder, 'secret.ts')];
  await filtered(clip, 'testsrc=s=64x48:r=10:d=2');
  await encode(clip, secret, ['-c', 'copy', '-f', 'mpegts']);
  targets = { clip, secret, address: listener.address };
});
afterAll(async () => {
  listener?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Resets the access time of the secret. */
async function seal(): Promise<void> {
  await utimes(targets.secret, LAST_READ, LAST_READ);
}

async function expectUntouched(visitsBefore: number): Promise<void> {
  expect(listener.visits()).toBe(visitsBefore);
  expect((await stat(targets.secret)).atime).toEqual(LAST_READ);
}

/** Decodes a source as if it were the good clip. */
async function decodeAs(source: string, home: string) {
  const { video, identity } = await tools.probe({ source: targets.clip, folder: home, signal });
  const frames = [{ frame: 0, pts: video.first_pts }];
  const range = { video, identity, seekPts: video.first_pts, frames, preprocess: false } as const;
  const output = { format: 'yuv420p' } as const;
  return tools.decode({ source, folder: home, ...range, output, signal });
}

describe.each(HOSTILE_FILES)('$name, named .mp4', ({ name, make }) => {
  const id = name.replaceAll(/\W+/g, '-');
  let home: string;
  let path: string;
  let visits: number;
  beforeAll(async () => {
    home = join(folder, id);
    path = join(home, 'video.mp4');
    await mkdir(home);
    await make(path, targets);
    await seal();
    visits = listener.visits();
  });
  afterEach(() => expectUntouched(visits));

  it('is rejected by the probe', async () => {
    await expect(tools.probe({ source: path, folder: home, signal })).rejects.toMatchObject({
      code: 'BAD_VIDEO',
    });
  });

  it('yields no frame in the decoder', async () => {
    const { frames, skipped } = await decodeAs(path, home);
    expect(frames).toEqual([]);
    expect(skipped).toMatchObject([{ frame: 0 }]);
  });
});

describe('without the allow-lists', () => {
  const open = [
    '-v',
    'error',
    '-protocol_whitelist',
    'file,http,tcp',
    '-allowed_extensions',
    'ALL',
  ];

  it('a playlist reaches the listener, and a local file is read', async () => {
    const before = listener.visits();
    for (const name of ['an HLS playlist of an address', 'an HLS playlist of a local file']) {
      const path = join(folder, `${name.replaceAll(' ', '-')}.m3u8`);
      await HOSTILE_FILES.find((file) => file.name === name)!.make(path, targets);
      await seal();
      await execa('ffprobe', [...open, '-show_streams', path], { reject: false, timeout: 20_000 });
    }
    expect(listener.visits()).toBeGreaterThan(before);
    expect((await stat(targets.secret)).atime).not.toEqual(LAST_READ);
  });
});

describe('a file name', () => {
  const names: readonly [name: string, of: (targets: Targets) => string][] = [
    ['an address', ({ address }) => `http://${address}/video.mp4`],
    ['two files in one', ({ secret }) => `concat:${secret}|${secret}`],
    ['a part of a file', ({ secret }) => `subfile:,,start,0,end,0,,:${secret}`],
    ['a pipe', () => 'pipe:0'],
    ['an option', () => '-i'],
    ['a pattern of images', ({ secret }) => `${secret.replace('secret', 'secre%c')}`],
  ];

  it.each(names)('that means %s to ffmpeg is treated as a missing file', async (_, nameOf) => {
    await seal();
    const visits = listener.visits();
    const source = nameOf(targets);
    await expect(tools.probe({ source, folder, signal })).rejects.toMatchObject({
      code: 'BAD_VIDEO',
    });
    expect((await decodeAs(source, folder)).frames).toEqual([]);
    await expectUntouched(visits);
  });

  it.each(['$(touch made)', '`touch made`', '; touch made', '\'"; touch made #', '-y %d'])(
    'is not run as a command: %s',
    async (name) => {
      const path = join(folder, `${name}.mp4`);
      await symlink(targets.clip, path);
      expect((await tools.probe({ source: path, folder, signal })).video).toMatchObject({
        frame_count: 20,
      });
      expect((await decodeAs(path, folder)).frames).toHaveLength(1);
      expect(await readdir(folder)).not.toContain('made');
    },
  );
});
