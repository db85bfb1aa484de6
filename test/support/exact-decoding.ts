import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { execa } from 'execa';
import type { DecodedFrames } from '../../domain/ports/video-tools.js';

/** MD5 of the pixels of each frame by its PTS, from ffmpeg's own decoding of the whole file. */
export async function framesFromStart(
  path: string,
  track = '0:V:0',
): Promise<ReadonlyMap<number, string>> {
  const input = ['-v', 'error', '-nostdin', '-copyts', '-i', path, '-map', track];
  const output = ['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-pix_fmt', 'yuv420p'];
  const { stdout } = await execa('ffmpeg', [...input, ...output, '-f', 'framemd5', '-']);
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const columns = lines.map((line) => line.split(',').map((text) => text.trim()));
  return new Map(columns.map((row) => [Number(row[2]), row[5]!]));
}

/** MD5 of the pixels of each decoded frame, by its PTS. */
export async function decodedPixels(
  decoded: readonly DecodedFrames[],
): Promise<ReadonlyMap<number, string>> {
  const pixels = new Map<number, string>();
  for (const { path, frames, frameBytes } of decoded) {
    const file = await open(path);
    for (const [i, { pts }] of frames.entries()) {
      const { buffer } = await file.read(Buffer.alloc(frameBytes), 0, frameBytes, i * frameBytes);
      pixels.set(pts, createHash('md5').update(buffer).digest('hex'));
    }
    await file.close();
  }
  return pixels;
}
