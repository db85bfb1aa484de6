import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { makeNumberedClip } from './numbered-clip.js';

/** Encodes frames that show their numbers as JPEGs of a camera, at 25 frames per second. */
export async function makeJpegUnits(
  folder: string,
  { size, frames, startMs }: { size: Size; frames: number; startMs: number },
): Promise<AccessUnit[]> {
  const home = await mkdtemp(join(folder, 'jpegs-'));
  const options = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '3', '-f', 'image2'];
  await makeNumberedClip(join(home, '%06d.jpg'), { size, frames, options });
  const names = (await readdir(home)).sort();
  return Promise.all(
    names.map(async (name, i) => ({
      ...{ ts: 0, cameraTime: null, key: true, damaged: false, codec: 'mjpeg' as const },
      ...{ arrival: startMs + i * 40, data: await readFile(join(home, name)) },
    })),
  );
}
