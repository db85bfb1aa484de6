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

const USUAL_CLIP = 'one-by-one-person-detection.mp4';

/** The clip that was asked for, else the usual one of the test data. */
export function chosenClip(given: string | undefined, { testDataDir }: Config): string {
  if (given) return given;
  if (testDataDir) return join(testDataDir, 'videos', USUAL_CLIP);
  throw new AppError(
    'INVALID_INPUT',
    'Which clip? Give --clip a.mp4, or set VIDETTE_TEST_DATA to a folder with videos/.',
  );
}

/** Folder of the clips that benchmarks have made. */
export function clipFolder({ cacheDir }: Config): string {
  return join(cacheDir, 'bench-clips');
}

/** Repeats a clip, without re-encoding, until it has at least so many sampled frames. */
export async function repeatClip(
  source: string,
  folder: string,
  every: number,
  atLeast: number,
): Promise<Clip> {
  const frames = await countFrames(source);
  const times = Math.ceil((atLeast * every) / frames);
  const name = basename(source, '.mp4');
  const path = join(folder, `${name}-x${times}.mp4`);
  await mkdir(folder, { recursive: true });
  if (!(await stat(path).catch(() => undefined))) {
    const draft = `${path}.partial`;
    const loop = ['-stream_loop', String(times - 1), '-i', source];
    const copy = ['-map', '0:V:0', '-c', 'copy', '-f', 'mp4', draft];
    await execa('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...loop, ...copy]);
    await rename(draft, path);
  }
  return { name, path, sampledFrames: Math.ceil((await countFrames(path)) / every) };
}

async function countFrames(path: string): Promise<number> {
  const count = ['-select_streams', 'V:0', '-count_packets', '-show_entries'];
  const format = ['stream=nb_read_packets', '-of', 'csv=p=0'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...count, ...format, path]);
  return Number(stdout.trim());
}

/** Size in pixels, length in seconds, and frames of a second. */
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
