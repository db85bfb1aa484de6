import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { preparePython } from './python-environment.js';

export interface PeerRun {
  readonly frames: number;
  readonly seconds: number;
  readonly fps: number;
  readonly cpu_seconds: number;
}

/** Scripts that a user would write instead, in a separate Python environment. */
export interface Peer {
  run(video: string, model: string, processes: number): Promise<PeerRun>;
  /** Seconds from the start of the script, as one process on all cores, to its exit. */
  time(video: string, model: string, every: number): Promise<number>;
  /** Detects objects of a camera for some time. */
  watch(url: string, model: string, options: WatchOptions): Promise<Omit<PeerRun, 'fps'>>;
}

export interface WatchOptions {
  /** Frames per second that are detected. */
  readonly fps: number;
  readonly seconds: number;
}

/** Folder of the peers' scripts. */
export const peerFolder = fileURLToPath(new URL('../../bench/peer/', import.meta.url));

/** Creates the environment in the cache folder unless it exists; takes about a minute. */
export async function preparePeer(
  cacheDir: string,
  onStep: (message: string) => void,
): Promise<Peer> {
  onStep(
    'Python environment of the peer: OpenCV and ONNX Runtime (about a minute on the first use)',
  );
  const bin = await preparePython(cacheDir, 'bench-python', join(peerFolder, 'requirements.txt'));
  const python = join(bin, 'python');
  /** The scripts print one line of JSON. */
  const measure = async <T>(script: string, options: readonly string[]): Promise<T> => {
    const { stdout } = await execa(python, [join(peerFolder, script), ...options]);
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
  };
  return {
    run: (video, model, processes) =>
      measure('detect.py', [video, '--model', model, '--processes', String(processes)]),
    time: async (video, model, every) => {
      const threads = ['--ort-threads', '--cv-threads'].flatMap((each) => [
        each,
        `${availableParallelism()}`,
      ]);
      const startedAt = performance.now();
      await measure('detect.py', [video, '--model', model, '--every', String(every), ...threads]);
      return (performance.now() - startedAt) / 1000;
    },
    watch: (url, model, { fps, seconds }) => {
      const limits = ['--fps', String(fps), '--seconds', String(seconds)];
      return measure('watch.py', [url, '--model', model, ...limits]);
    },
  };
}
