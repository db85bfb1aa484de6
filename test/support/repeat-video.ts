import { execa } from 'execa';

/** Writes the video at `from`, so many times over and without encoding it again, to `to`. */
export async function repeatVideo(from: string, times: number, to: string): Promise<void> {
  const loop = ['-stream_loop', String(times - 1), '-i', from, '-c', 'copy', to];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...loop]);
}
