import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export interface PeerRun {
  readonly frames: number;
  readonly seconds: number;
  readonly fps: number;
  readonly cpu_seconds: number;
}

/** Script that a user would write instead, in a separate Python environment. */
export interface Peer {
  run(video: string, model: string, processes: number): Promise<PeerRun>;
}

const folder = fileURLToPath(new URL('../../bench/peer/', import.meta.url));

/** Creates the environment in the cache folder unless it exists; takes about a minute. */
export async function preparePeer(
  cacheDir: string,
  onStep: (message: string) => void,
): Promise<Peer> {
  const environment = join(cacheDir, 'bench-python');
  const python = join(environment, 'bin/python');
  const readyMarker = join(environment, 'ready');
  if (!(await stat(readyMarker).catch(() => undefined))) {
    onStep('Python environment of the peer: installing OpenCV and ONNX Runtime (about a minute)');
    await execa('python3', ['-m', 'venv', environment]);
    await execa(python, ['-m', 'pip', 'install', '-q', '-r', join(folder, 'requirements.txt')]);
    await mkdir(readyMarker);
  }
  return {
    run: async (video, model, processes) => {
      const options = ['--model', model, '--processes', String(processes)];
      const { stdout } = await execa(python, [join(folder, 'detect.py'), video, ...options]);
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as PeerRun; // the script prints one line of JSON
    },
  };
}
