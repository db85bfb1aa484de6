import { spawn } from 'node:child_process';
import type { RequestListener } from 'node:http';
import { execa } from 'execa';

const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=size=128x64:rate=10'];
const QUIET = ['-v', 'error', '-nostdin', '-y'];

/** Encodes a moving test image of some seconds at 10 frames per second; returns the path. */
export async function makeMovingClip(path: string, seconds: number): Promise<string> {
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'];
  await execa('ffmpeg', [...QUIET, ...SOURCE, '-t', String(seconds), ...codec, path]);
  return path;
}

/** Answers as an MJPEG camera at 10 frames per second. */
export const serveMovingImages: RequestListener = (_, response) => {
  const output = ['-c:v', 'mjpeg', '-f', 'mpjpeg', '-boundary_tag', 'frame', 'pipe:1'];
  const encoder = spawn('ffmpeg', [...QUIET, '-re', ...SOURCE, ...output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace;boundary=frame' });
  encoder.stdout.pipe(response);
  response.on('close', () => encoder.kill('SIGKILL'));
};
