import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { encode, QUIET, seededBytes } from './media-files.js';
import { allFrames, badVideo, CLIP_FRAMES, type VideoFileCase } from './video-file-case.js';

const TONE = ['-f', 'lavfi', '-i', 'sine=duration=2'];

const NO_FILES: readonly VideoFileCase[] = [
  {
    name: 'zero bytes',
    make: (path) => writeFile(path, ''),
    expected: badVideo(/its format is unknown/),
  },
  {
    name: 'random bytes',
    make: (path) => writeFile(path, seededBytes(1_000_000)),
    expected: badVideo(/decoded as video: .+/),
  },
  {
    name: 'text named .mp4',
    make: (path) => writeFile(path, 'Dear reader, this is not a video.\n'.repeat(500)),
    expected: badVideo(/its format is unknown/),
  },
  ...['jpg', 'png'].map((extension): VideoFileCase => ({
    name: `an image (${extension})`,
    make: (path, clip) =>
      encode(clip, path, ['-frames:v', '1', '-f', 'image2', '-c:v', codecOf(extension)]),
    expected: badVideo(/it is an image/),
  })),
  {
    name: 'audio only',
    make: (path) => execa('ffmpeg', [...QUIET, ...TONE, '-c:a', 'aac', path]),
    expected: badVideo(/no video stream/),
  },
  {
    name: 'audio with cover art',
    make: async (path, clip) => {
      const cover = ['-i', clip, '-map', '0:a', '-map', '1:v', '-frames:v', '1', '-c:v', 'mjpeg'];
      const attached = ['-disposition:v:0', 'attached_pic', '-c:a', 'aac', path];
      await execa('ffmpeg', [...QUIET, ...TONE, ...cover, ...attached]);
    },
    expected: badVideo(/no video stream/),
  },
];

const CUT_FILES: readonly VideoFileCase[] = [
  {
    name: 'truncated, its index at the end',
    make: async (path, clip) => {
      const file = await readFile(clip);
      await writeFile(path, file.subarray(0, Math.floor(file.length / 2)));
    },
    expected: badVideo(/its index is missing/),
  },
  {
    name: 'truncated, its index at the start',
    make: async (path, clip) => {
      await encode(clip, path, ['-c', 'copy', '-movflags', '+faststart']);
      const file = await readFile(path);
      await writeFile(path, file.subarray(0, Math.floor(file.length * 0.6)));
    },
    expected: { skipped: 1 },
  },
  {
    name: 'header only',
    make: async (path, clip) => {
      await encode(clip, path, ['-c', 'copy', '-movflags', '+faststart']);
      const file = await readFile(path);
      await writeFile(path, file.subarray(0, file.indexOf('mdat') + 4));
    },
    expected: badVideo(/decoded as video: .+/),
  },
  {
    name: 'an index with zeros behind it',
    make: async (path, clip) => {
      const file = await readFile(clip);
      const from = file.indexOf('mdat') + 4;
      await writeFile(path, file.fill(0, from, file.indexOf('moov') - 4));
    },
    expected: badVideo(/decoded as video: .+/),
  },
  {
    name: 'missing index',
    make: async (path, clip) => {
      const file = await readFile(clip);
      // Not `free`: ffmpeg searches that box for an index.
      file.write('junk', file.indexOf('moov'), 'latin1');
      await writeFile(path, file);
    },
    expected: badVideo(/its index is missing/),
  },
  {
    name: 'an AVI without its index',
    make: async (path, clip) => {
      await encode(clip, path, ['-c:v', 'mpeg4', '-g', '20', '-f', 'avi']);
      const file = await readFile(path);
      await writeFile(path, file.subarray(0, file.lastIndexOf('idx1')));
    },
    expected: allFrames(CLIP_FRAMES),
  },
];

/** Files that are not videos or are damaged. */
export const BROKEN_FILES: readonly VideoFileCase[] = [...NO_FILES, ...CUT_FILES];

function codecOf(extension: string): string {
  return extension === 'png' ? 'png' : 'mjpeg';
}
