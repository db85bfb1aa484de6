import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { fillWith, filtered, QUIET } from './media-files.js';
import { allFrames, CLIP_FRAMES, limitExceeded, type VideoFileCase } from './video-file-case.js';

const HUGE_FILES: readonly VideoFileCase[] = [
  {
    name: 'a real frame size of 16384x8192',
    make: (path) => {
      const input = ['-f', 'lavfi', '-i', 'color=s=16384x8192:r=5:d=0.4', '-c:v', 'libx264'];
      return execa('ffmpeg', [...QUIET, ...input, '-preset', 'ultrafast', path]);
    },
    expected: limitExceeded(/16384x8192 .*VIDETTE_MAX_PIXELS/),
  },
  {
    name: 'a declared frame size of 65535x65535',
    make: async (path, clip) => {
      const file = await readFile(clip);
      const entry = file.indexOf('avc1', file.indexOf('stsd'));
      file.writeUInt32BE(0xff_ff_ff_ff, entry + 28);
      await writeFile(path, file);
    },
    expected: allFrames(CLIP_FRAMES),
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
    expected: limitExceeded(/VIDETTE_MAX_VIDEO_HOURS/),
  },
  {
    name: 'more frames than are allowed',
    make: (path) => filtered(path, 'color=s=16x16:r=1000:d=20.1', ['-preset', 'ultrafast']),
    expected: limitExceeded(/more than 20000 frames \(VIDETTE_MAX_FRAMES\)/),
  },
  {
    name: 'a gap of ten hours between two frames',
    make: (path) =>
      filtered(path, "testsrc=s=64x48:r=25:d=0.4,settb=1/1000,setpts='N*40+36000000*gt(N,4)'", [
        ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-bf', '0'],
      ]),
    expected: allFrames(10),
  },
];

const UNUSUAL: readonly VideoFileCase[] = [
  {
    name: 'an animated GIF',
    make: (path) => filtered(path, 'testsrc=s=64x48:r=10:d=1', ['-f', 'gif', '-c:v', 'gif']),
    expected: allFrames(10),
  },
  ...['1:1', '17:31', '2:720'].map((size): VideoFileCase => ({
    name: `a size of ${size}`,
    make: (path) =>
      filtered(path, `testsrc=s=64x48:r=10:d=1,format=yuv444p,scale=${size}`, [
        ...['-pix_fmt', 'yuv444p'],
      ]),
    expected: allFrames(10),
  })),
  {
    name: 'a variable rate',
    make: (path) =>
      filtered(path, "testsrc=s=64x48:r=25:d=2,settb=1/1000,setpts='N*40+11*mod(N,3)'", [
        ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-bf', '2'],
      ]),
    expected: allFrames(50),
  },
  {
    name: 'ten bits',
    make: (path) => filtered(path, 'testsrc=s=64x48:r=25:d=1', ['-pix_fmt', 'yuv420p10le']),
    expected: allFrames(25),
  },
  {
    name: 'interlaced frames',
    make: (path) => filtered(path, 'testsrc=s=64x64:r=50:d=1,interlace', ['-flags', '+ildct+ilme']),
    expected: allFrames(25),
  },
  {
    name: 'frames that are rotated and mirrored',
    make: async (path, clip) => {
      const file = await readFile(clip);
      // Matrix of a track's header: x and y change places.
      const matrix = file.indexOf('tkhd') + 44;
      for (const [cell, value] of [0, 1, 0, 1, 0].entries()) {
        file.writeInt32BE(value * 0x10000, matrix + 4 * cell);
      }
      await writeFile(path, file);
    },
    expected: allFrames(CLIP_FRAMES),
  },
  {
    name: 'several video streams',
    make: async (path, clip) => {
      const other = ['-f', 'lavfi', '-i', 'testsrc=s=640x480:r=10:d=1'];
      const both = ['-map', '0:v', '-map', '1:v', '-c:v:0', 'copy', '-c:v:1', 'libx264'];
      await execa('ffmpeg', [...QUIET, '-i', clip, ...other, ...both, path]);
    },
    expected: allFrames(CLIP_FRAMES),
  },
  {
    name: 'frames whose size changes',
    make: async (path) => {
      const parts = ['128x96', '64x48'].map((size) => `testsrc=s=${size}:r=10:d=1`);
      const files = parts.map((_, i) => `${path}.${i}.ts`);
      for (const [i, part] of parts.entries()) {
        await filtered(files[i]!, part, ['-f', 'mpegts', '-output_ts_offset', String(i)]);
      }
      await fillWith(path, files);
    },
    expected: allFrames(20),
  },
];

/** Videos that exceed a limit or are unusual. */
export const UNUSUAL_FILES: readonly VideoFileCase[] = [...HUGE_FILES, ...UNUSUAL];
