import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assertFeatures } from './ffmpeg-features.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-features-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a program that lists parts as ffmpeg does, with `lists` in place of its own lists. */
async function fakeFfmpeg(lists: Readonly<Record<string, string>>): Promise<string> {
  const all = {
    '-encoders': ' V....D libx264  libx264 H.264 / AVC\n V....D libx264rgb  (codec h264)',
    '-filters': ' ... ass  V->V  Render ASS subtitles',
    '-decoders': ' VFS..D hevc  HEVC (High Efficiency Video Coding)',
    '-demuxers': ' D   rtsp  RTSP input',
    '-h': '-fps_mode  set framerate mode for matching video streams',
    ...lists,
  };
  const cases = Object.entries(all).map(([list, text]) => `${list}) echo '${text}';;`);
  const path = join(folder, 'ffmpeg');
  await writeFile(path, `#!/bin/sh\ncase "$2" in\n${cases.join('\n')}\nesac\n`, { mode: 0o755 });
  return path;
}

it('accepts an ffmpeg and an ffprobe with every part', async () => {
  const path = await fakeFfmpeg({});
  await assertFeatures(path, 'ffmpeg');
  await assertFeatures(path, 'ffprobe');
});

it('accepts an option with a stream specifier, as ffmpeg 7 and newer list it', async () => {
  const row = '-fps_mode[:<stream_spec>] <mode>  set framerate mode for matching video streams';
  await assertFeatures(await fakeFfmpeg({ '-h': row }), 'ffmpeg');
});

it('names every part that is missing', async () => {
  const path = await fakeFfmpeg({
    '-encoders':
      ' V....D libx264rgb  libx264 H.264 RGB (codec h264)\n V....D libx265  (codec hevc)',
    '-filters': ' ... bass  A->A  Boost lower frequencies',
  });
  // `libx264` also appears in descriptions of ffmpeg; only its own row counts.
  await expect(assertFeatures(path, 'ffmpeg')).rejects.toThrow(
    `${path} lacks the H.264 encoder (libx264), the subtitles filter (libass)`,
  );
});

it('does not require encoders and filters of ffprobe', async () => {
  const path = await fakeFfmpeg({ '-encoders': '', '-filters': '', '-demuxers': ' D  rtp  RTP' });
  await expect(assertFeatures(path, 'ffprobe')).rejects.toThrow(`${path} lacks RTSP (rtsp)`);
});
