import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { AppError } from '../domain/errors.js';
import type { KnownModel } from '../models/catalogue.js';
import { peerFolder, type PeerRun } from './peer.js';
import { preparePython } from './python-environment.js';

/** Tools that users run on a video instead: `ultralytics` and `supervision`. */
export interface YoloTools {
  /** @param loop name of the tool */
  run(loop: string, video: string, model: string): Promise<PeerRun>;
}

/** Settings with which Ultralytics neither reports events nor installs packages by itself. */
const SETTINGS = { YOLO_AUTOINSTALL: 'false', YOLO_OFFLINE: 'true', YOLO_VERBOSE: 'false' };

/**
 * Creates the environment in the cache folder unless it exists; downloads PyTorch, and takes 6 GB.
 * @throws AppError `INVALID_INPUT` if the tools cannot run the model.
 */
export async function prepareYoloTools(
  cacheDir: string,
  { name, output }: KnownModel,
  onStep: (message: string) => void,
): Promise<YoloTools> {
  if (output.family !== 'yolov8')
    throw new AppError(
      'INVALID_INPUT',
      `Ultralytics cannot run ${name}, a model of the family ${output.family}. Add --model yolov8n.`,
    );
  onStep('Python environment of Ultralytics and supervision (minutes on the first use)');
  const requirements = join(peerFolder, 'requirements-yolo.txt');
  const bin = await preparePython(cacheDir, 'bench-yolo', requirements);
  return {
    run: async (loop, video, model) => {
      const script = [join(peerFolder, 'yolo.py'), video, '--loop', loop, '--model', model];
      const env = { ...SETTINGS, YOLO_CONFIG_DIR: dirname(bin) };
      const { stdout } = await execa(join(bin, 'python'), script, { env });
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as PeerRun;
    },
  };
}
