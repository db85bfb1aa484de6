import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';

export interface Clip {
  readonly name: string;
  readonly path: string;
  readonly sampledFrames: number;
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
