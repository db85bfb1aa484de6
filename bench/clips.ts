import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import type { Config } from '../config/index.js';
import type { Size } from '../domain/result/detection.js';
import { AppError } from '../domain/errors.js';

export interface Clip {
  readonly name: string;
  readonly path: string;
  readonly sampledFrames: number;
}

const DEFAULT_CLIP = 'one-by-one-person-detection.mp4';

/**
 * Returns the path of the given clip, or of the default clip of the test data.
 * @throws AppError `INVALID_INPUT` if there is neither.
 */
export function clipPath(given: string | undefined, { testDataDir }: Config): string {
  if (given) return given;
  if (testDataDir) return join(testDataDir, 'videos', DEFAULT_CLIP);
  throw new AppError(
    'INVALID_INPUT',
    'Missing clip: set --clip a.mp4, or VIDETTE_TEST_DATA to a folder that contains videos/.',
  );
}

/** Folder of the clips that benchmarks create. */
export function clipFolder({ cacheDir }: Config): string {
  return join(cacheDir, 'bench-clips');
}

/** Repeats a clip, without re-encoding, until it has `minFrames` sampled frames or more. */
export async function repeatClip(
  source: string,
  folder: string,
  every: number,
  minFrames: number,
): Promise<Clip> {
  const frames = await countFrames(source);
  const times = Math.ceil((minFrames * every) / frames);
  const name = basename(source, '.mp4');
  const path = join(folder, `${name}-x${times}.mp4`);
  await mkdir(folder, { recursive: true });
  if (!(await stat(path).catch(() => undefined))) {
    const partial = `${path}.partial`;
    const loop = ['-stream_loop', String(times - 1), '-i', source];
    const copy = ['-map', '0:V:0', '-c', 'copy', '-f', 'mp4', partial];
    await execa('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...loop, ...copy]);
    await rename(partial, path);
  }
  return { name, path, sampledFrames: Math.ceil((await countFrames(path)) / every) };
}

async function countFrames(path: string): Promise<number> {
  const count = ['-select_streams', 'V:0', '-count_packets', '-show_entries'];
  const format = ['stream=nb_read_packets', '-of', 'csv=p=0'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...count, ...format, path]);
  return Number(stdout.trim());
}

/** Reads the size in pixels, the length in seconds and the frames per second. */
export async function describeVideo(
  path: string,
): Promise<{ readonly size: Size; readonly seconds: number; readonly fps: number }> {
  const entries = 'stream=width,height,avg_frame_rate:format=duration';
  const options = ['-v', 'error', '-select_streams', 'V:0', '-show_entries', entries];
  const { stdout } = await execa('ffprobe', [...options, '-of', 'json', path]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: [Size & { avg_frame_rate: string }];
    format: { duration: string };
  };
  const { width, height, avg_frame_rate } = streams[0];
  const [frames, of] = avg_frame_rate.split('/').map(Number) as [number, number];
  return { size: { width, height }, seconds: Number(format.duration), fps: frames / of };
}
