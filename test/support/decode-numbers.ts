import { execa } from 'execa';
import type { Size } from '../../domain/result/detection.js';
import { readNumber } from './numbered-clip.js';

/** Decodes a file of numbered frames with ffmpeg, and returns their numbers in the order of display. */
export async function decodeNumbers(path: string, size: Size): Promise<number[]> {
  const raw = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray'];
  const scale = ['-vf', `scale=${size.width}:${size.height}`];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', path, ...scale, ...raw, '-'], {
    encoding: 'buffer',
    maxBuffer: 1e9,
  });
  const bytes = size.width * size.height;
  return Array.from({ length: stdout.length / bytes }, (_, i) => {
    const plane = Buffer.from(stdout.subarray(i * bytes, (i + 1) * bytes));
    return readNumber(plane, { size, rotation: 0 });
  });
}
