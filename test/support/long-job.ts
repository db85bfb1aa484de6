import { join } from 'node:path';
import { execa } from 'execa';
import type { TestStack } from './stack.js';

/** Codec that browsers cannot play: each render of the video encodes it, which takes long enough. */
const CODEC = ['-c:v', 'mpeg4', '-q:v', '3'];

/** Stores a video of 25 frames per second, and runs a job of the same name on it. */
export async function runLongJob(
  stack: TestStack,
  name: string,
  { seconds, every, codec = CODEC }: { seconds: number; every: number; codec?: readonly string[] },
): Promise<void> {
  const path = join(stack.folder, `${name}.mp4`);
  const input = ['-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=25:d=${seconds}`];
  await execa('ffmpeg', ['-v', 'error', ...input, ...codec, path]);
  await stack.putVideo(name, path);
  await stack.run({ video_id: name, event_id: name, every, frames: 'none' });
}
