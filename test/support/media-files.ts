import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { writeCached } from './cached-file.js';

/** Options of ffmpeg for writing a file without output. */
export const QUIET = ['-v', 'error', '-nostdin', '-y'];

/** Makes one file from another with ffmpeg; MP4 unless the options name another format. */
export async function encode(from: string, to: string, options: readonly string[]): Promise<void> {
  const format = options.includes('-f') ? [] : ['-f', 'mp4'];
  await execa('ffmpeg', [...QUIET, '-i', from, ...options, ...format, to]);
}

/** Makes a video of a libavfilter source; H.264 in MP4 unless the options differ. */
export async function filtered(
  path: string,
  source: string,
  options: readonly string[] = [],
): Promise<void> {
  const codec = options.includes('-c:v') ? [] : ['-c:v', 'libx264'];
  const format = options.includes('-f') ? [] : ['-f', 'mp4'];
  const pixels = options.includes('-pix_fmt') || !format.length ? [] : ['-pix_fmt', 'yuv420p'];
  const input = ['-f', 'lavfi', '-i', source, ...codec, ...pixels, ...options, ...format];
  await writeCached(path, { filtered: input }, (to) => execa('ffmpeg', [...QUIET, ...input, to]));
}

/** Concatenates files into one. */
export async function fillWith(path: string, parts: readonly string[]): Promise<void> {
  await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
}

/** Returns pseudo-random bytes that are the same in every run. */
export function seededBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  let state = 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

/** Returns the positions of a video's packets in its file, in file order. */
export async function packetPlaces(
  path: string,
): Promise<readonly { readonly position: number; readonly size: number }[]> {
  const show = ['-show_entries', 'packet=pos,size', '-of', 'csv=p=0', '-select_streams', 'v:0'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...show, path]);
  return stdout.split('\n').map((line) => {
    const [size, position] = line.split(',').map(Number);
    return { position: position!, size: size! };
  });
}
