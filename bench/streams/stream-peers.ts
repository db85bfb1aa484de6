import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { messageOf } from '../../domain/errors.js';
import { cpuOf } from '../cpu-meter.js';
import { preparePeer, type WatchOptions } from '../peer.js';
import { print } from '../print.js';

/** Cores that other ways to read the same camera use; undefined if they cannot run here. */
export interface StreamPeers {
  /** ffmpeg, which decodes every frame in one thread and does nothing with it. */
  readonly ffmpeg: number;
  /** OpenCV and ONNX Runtime in one Python process, with the same model and rate. */
  readonly python: number | undefined;
}

const WARM_UP_MS = 5000;

export async function measurePeers(
  url: string,
  model: string,
  { cacheDir, ...options }: WatchOptions & { readonly cacheDir: string },
): Promise<StreamPeers> {
  const ffmpeg = await measureFfmpeg(url, options.seconds);
  try {
    const peer = await preparePeer(cacheDir, print);
    const { frames, seconds, cpu_seconds } = await peer.watch(url, model, options);
    print(`OpenCV and ONNX Runtime: ${(frames / seconds).toFixed(2)} frames per second`);
    return { ffmpeg, python: cpu_seconds / seconds };
  } catch (error) {
    print(`OpenCV and ONNX Runtime left out: ${messageOf(error)}`);
    return { ffmpeg, python: undefined };
  }
}

async function measureFfmpeg(url: string, seconds: number): Promise<number> {
  const transport = url.startsWith('rtsp:') ? ['-rtsp_transport', 'tcp'] : [];
  const input = ['-threads', '1', ...transport, '-i', url];
  const args = ['-nostdin', '-v', 'error', ...input, '-an', '-f', 'null', '-'];
  const child = execa('ffmpeg', args, { reject: false });
  const total = () => Object.values(cpuOf([child.pid!])).reduce((sum, cpu) => sum + cpu, 0);
  try {
    await sleep(WARM_UP_MS);
    const before = total();
    await sleep(1000 * seconds);
    return (total() - before) / seconds;
  } finally {
    child.kill('SIGKILL');
    await child;
  }
}
