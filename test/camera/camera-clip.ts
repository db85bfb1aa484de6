import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { writeCached } from '../support/cached-file.js';
import { unitOptions } from '../support/coded-units.js';
import { makeNumberedClip } from '../support/numbered-clip.js';

/** A clip whose frames show their numbers. */
export interface CameraClip {
  readonly codec: NalCodec;
  /** Annex B file with access unit delimiters. */
  readonly path: string;
  /** Matroska file with the clip repeated for {@link LONG_S} seconds. */
  readonly longPath: string;
}

export const CLIP_SIZE = { width: 320, height: 180 };
export const CLIP_FPS = 25;
/** Frames of the clip: ten seconds. */
export const CLIP_FRAMES = 250;
/** Frames from one keyframe to the next. */
export const CLIP_GOP = 25;
const LONG_S = 300;

/** Writes a clip into a folder. */
export async function makeCameraClip(folder: string, codec: NalCodec): Promise<CameraClip> {
  const clip = { codec, gop: CLIP_GOP };
  const [path, longPath] = [join(folder, `${codec}.bin`), join(folder, `${codec}.mkv`)];
  const options = unitOptions(clip);
  const recipe = { size: CLIP_SIZE, frames: CLIP_FRAMES, options };
  await writeCached(path, recipe, (file) => makeNumberedClip(file, recipe));
  await writeCached(longPath, [recipe, LONG_S], async (file) => {
    const repeats = (LONG_S * CLIP_FPS) / CLIP_FRAMES;
    const repeated = `${file}.bin`;
    await writeFile(repeated, Buffer.concat(Array(repeats).fill(await readFile(path))));
    await muxFrames(codec, repeated, file);
    await rm(repeated);
  });
  return { codec, path, longPath };
}

/** Gives the access units of an Annex B file their times. */
async function muxFrames(codec: NalCodec, path: string, target: string): Promise<void> {
  const format = codec === 'h264' ? 'h264' : 'hevc';
  const input = ['-fflags', '+genpts', '-r', String(CLIP_FPS), '-f', format, '-i', path];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...input, '-c', 'copy', target]);
}
