import { readFile } from 'node:fs/promises';
import type { DecodedFrames } from '../../domain/ports/video-tools.js';
import { type DisplayedPlane, readNumber } from './numbered-clip.js';

/** Returns the numbers that decoded frames show, in their order. */
export async function readNumbers(
  decoded: readonly DecodedFrames[],
  plane: DisplayedPlane,
): Promise<number[]> {
  const numbers: number[] = [];
  for (const { path, frameBytes, frames } of decoded) {
    const raw = await readFile(path);
    const images = frames.map((_, i) => raw.subarray(i * frameBytes, (i + 1) * frameBytes));
    numbers.push(...images.map((image) => readNumber(image, plane)));
  }
  return numbers;
}
