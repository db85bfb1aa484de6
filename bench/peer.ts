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

/** The script that a user would write instead, in a Python environment of its own. */
export interface Peer {
  run(video: string, model: string, processes: number): Promise<PeerRun>;
}

const folder = fileURLToPath(new URL('../../bench/peer/', import.meta.url));

/** Makes the environment once in the cache folder; the first time takes about a minute. */
export async function preparePeer(
  cacheDir: string,
  onStep: (message: string) => void,
): Promise<Peer> {
  const environment = join(cacheDir, 'bench-python');
  const python = join(environment, 'bin/python');
  const done = join(environment, 'ready');
  if (!(await stat(done).catch(() => undefined))) {
    onStep('Python environment of the peer: installing OpenCV and ONNX Runtime (about a minute)');
    await execa('python3', ['-m', 'venv', environment]);
    await execa(python, ['-m', 'pip', 'install', '-q', '-r', join(folder, 'requirements.txt')]);
    await mkdir(done);
  }
  return {
    run: async (video, model, processes) => {
      const options = ['--model', model, '--processes', String(processes)];
      const { stdout } = await execa(python, [join(folder, 'detect.py'), video, ...options]);
      // One line of JSON, as its documentation says.
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as PeerRun;
    },
  };
}
