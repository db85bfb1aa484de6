import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { encode, filtered, fillWith, seededBytes } from './media-files.js';

/** What a job on an odd file must come to. */
export type Expected =
  | { readonly code: 'BAD_VIDEO' | 'LIMIT_EXCEEDED'; readonly message: RegExp }
  /** Sampled frames, and how many of them may be skipped; undefined where the tools decide. */
  | { readonly frames?: number; readonly skipped: number };

/** A file that people or attackers hand in, made from a good clip of {@link CLIP_FRAMES}. */
export interface OddFile {
  readonly name: string;
  readonly make: (path: string, clip: string) => Promise<unknown>;
  readonly expected: Expected;
}

export const CLIP_FRAMES = 100;
/** Frames of a group of pictures of the good clip. */
export const CLIP_GOP = 20;
/** More frames than this are too many for the stack that the odd files run on. */
export const FRAMES_MAX = 2000;

const bad = (message: RegExp): Expected => ({ code: 'BAD_VIDEO', message });
const tooMuch = (message: RegExp): Expected => ({ code: 'LIMIT_EXCEEDED', message });
const all = (frames: number): Expected => ({ frames, skipped: 0 });

const NO_FILES: readonly OddFile[] = [
  {
    name: 'zero bytes',
    make: (path) => writeFile(path, ''),
    expected: bad(/no format that is known/),
  },
  {
    name: 'random bytes',
    make: (path) => writeFile(path, seededBytes(1_000_000)),
    expected: bad(/decoded: .+/),
  },
  {
    name: 'text named .mp4',
    make: (path) => writeFile(path, 'Dear reader, this is no video.\n'.repeat(500)),
    expected: bad(/no format that is known/),
  },
  ...['jpg', 'png'].map((extension): OddFile => ({
    name: `a picture (${extension})`,
    make: (path, clip) =>
      encode(clip, path, ['-frames:v', '1', '-f', 'image2', '-c:v', codecOf(extension)]),
    expected: bad(/it is a picture/),
  })),
  {
    name: 'audio only',
    make: (path) => execa('ffmpeg', [...QUIET, ...TONE, '-c:a', 'aac', path]),
    expected: bad(/no video stream/),
  },
  {
    name: 'audio with cover art',
    make: async (path, clip) => {
      const cover = ['-i', clip, '-map', '0:a', '-map', '1:v', '-frames:v', '1', '-c:v', 'mjpeg'];
      const attached = ['-disposition:v:0', 'attached_pic', '-c:a', 'aac', path];
      await execa('ffmpeg', [...QUIET, ...TONE, ...cover, ...attached]);
    },
    expected: bad(/no video stream/),
  },
];

const CUT_FILES: readonly OddFile[] = [
  {
    name: 'truncated, its index at the end',
    make: async (path, clip) => {
      const file = await readFile(clip);
      await writeFile(path, file.subarray(0, Math.floor(file.length / 2)));
    },
    expected: bad(/its index is missing/),
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
    expected: bad(/decoded: .+/),
  },
  {
    name: 'missing index',
    make: async (path, clip) => {
      const file = await readFile(clip);
      // Not `free`: ffmpeg looks into that for an index.
      file.write('junk', file.indexOf('moov'), 'latin1');
      await writeFile(path, file);
    },
    expected: bad(/its index is missing/),
  },
  {
    name: 'an AVI without its index',
    make: async (path, clip) => {
      await encode(clip, path, ['-c:v', 'mpeg4', '-g', '20', '-f', 'avi']);
      const file = await readFile(path);
      await writeFile(path, file.subarray(0, file.lastIndexOf('idx1')));
    },
    expected: all(CLIP_FRAMES),
  },
];

const HUGE_FILES: readonly OddFile[] = [
  {
    name: 'a real picture size of 16384x8192',
    make: (path) => {
      const input = ['-f', 'lavfi', '-i', 'color=s=16384x8192:r=5:d=0.4', '-c:v', 'libx264'];
      return execa('ffmpeg', [...QUIET, ...input, '-preset', 'ultrafast', path]);
    },
    expected: tooMuch(/16384x8192 .*VIDETTE_MAX_PIXELS/),
  },
  {
    name: 'a declared picture size of 65535x65535',
    make: async (path, clip) => {
      const file = await readFile(clip);
      const entry = file.indexOf('avc1', file.indexOf('stsd'));
      file.writeUInt32BE(0xff_ff_ff_ff, entry + 28);
      await writeFile(path, file);
    },
    expected: all(CLIP_FRAMES),
  },
  {
    name: 'a declared length of a thousand hours',
    make: async (path, clip) => {
      const file = await readFile(clip);
      const header = file.indexOf('mvhd');
      const perSecond = file.readUInt32BE(header + 16);
      for (const [box, at] of [
        ['mvhd', 20],
        ['tkhd', 24],
      ] as const) {
        file.writeUInt32BE(1000 * 3600 * perSecond, file.indexOf(box) + at);
      }
      await writeFile(path, file);
    },
    expected: tooMuch(/VIDETTE_MAX_VIDEO_HOURS/),
  },
  {
    name: 'more frames than are allowed',
    make: (path) => filtered(path, 'color=s=16x16:r=1000:d=3', ['-preset', 'ultrafast']),
    expected: tooMuch(/more than 2000 frames \(VIDETTE_MAX_FRAMES\)/),
  },
  {
    name: 'a gap of ten hours between two frames',
    make: (path) =>
      filtered(path, "testsrc=s=64x48:r=25:d=0.4,settb=1/1000,setpts='N*40+36000000*gt(N,4)'", [
        ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-bf', '0'],
      ]),
    expected: all(10),
  },
];

const UNUSUAL_FILES: readonly OddFile[] = [
  {
    name: 'an animated GIF',
    make: (path) => filtered(path, 'testsrc=s=64x48:r=10:d=1', ['-f', 'gif', '-c:v', 'gif']),
    expected: all(10),
  },
  ...['1:1', '17:31', '2:720'].map((size): OddFile => ({
    name: `a size of ${size}`,
    make: (path) =>
      filtered(path, `testsrc=s=64x48:r=10:d=1,format=yuv444p,scale=${size}`, [
        ...['-pix_fmt', 'yuv444p'],
      ]),
    expected: all(10),
  })),
  {
    name: 'a variable rate',
    make: (path) =>
      filtered(path, "testsrc=s=64x48:r=25:d=2,settb=1/1000,setpts='N*40+11*mod(N,3)'", [
        ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-bf', '2'],
      ]),
    expected: all(50),
  },
  {
    name: 'ten bits',
    make: (path) => filtered(path, 'testsrc=s=64x48:r=25:d=1', ['-pix_fmt', 'yuv420p10le']),
    expected: all(25),
  },
  {
    name: 'interlaced pictures',
    make: (path) => filtered(path, 'testsrc=s=64x64:r=50:d=1,interlace', ['-flags', '+ildct+ilme']),
    expected: all(25),
  },
  {
    name: 'a picture that is turned and mirrored',
    make: async (path, clip) => {
      const file = await readFile(clip);
      // Matrix of a track's header: x and y change places.
      const matrix = file.indexOf('tkhd') + 44;
      for (const [cell, value] of [0, 1, 0, 1, 0].entries()) {
        file.writeInt32BE(value * 0x10000, matrix + 4 * cell);
      }
      await writeFile(path, file);
    },
    expected: all(CLIP_FRAMES),
  },
  {
    name: 'several video streams',
    make: async (path, clip) => {
      const other = ['-f', 'lavfi', '-i', 'testsrc=s=640x480:r=10:d=1'];
      const both = ['-map', '0:v', '-map', '1:v', '-c:v:0', 'copy', '-c:v:1', 'libx264'];
      await execa('ffmpeg', [...QUIET, '-i', clip, ...other, ...both, path]);
    },
    expected: all(CLIP_FRAMES),
  },
  {
    name: 'pictures whose size changes',
    make: async (path) => {
      const parts = ['128x96', '64x48'].map((size) => `testsrc=s=${size}:r=10:d=1`);
      const files = parts.map((_, i) => `${path}.${i}.ts`);
      for (const [i, part] of parts.entries()) {
        await filtered(files[i]!, part, ['-f', 'mpegts', '-output_ts_offset', String(i)]);
      }
      await fillWith(path, files);
    },
    expected: all(20),
  },
];

const QUIET = ['-v', 'error', '-nostdin', '-y'];
const TONE = ['-f', 'lavfi', '-i', 'sine=duration=2'];

function codecOf(extension: string): string {
  return extension === 'png' ? 'png' : 'mjpeg';
}

/** Files of every kind that is known to cause trouble. */
export const ODD_FILES: readonly OddFile[] = [
  ...NO_FILES,
  ...CUT_FILES,
  ...HUGE_FILES,
  ...UNUSUAL_FILES,
];
