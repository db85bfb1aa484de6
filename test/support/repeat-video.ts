import { execa } from 'execa';

/** Repeats the video at `from` a number of times, without encoding it again, into `to`. */
export async function repeatVideo(from: string, times: number, to: string): Promise<void> {
  const loop = ['-stream_loop', String(times - 1), '-i', from, '-c', 'copy', to];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...loop]);
}
