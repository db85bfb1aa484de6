import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { AppError } from '../domain/errors.js';
import type { KnownModel } from '../models/catalogue.js';
import { peerFolder, type PeerRun } from './peer.js';
import { preparePython } from './python-environment.js';

/** Tool that users run on a video instead. */
export interface YoloTool {
  /** `ultralytics` or `supervision`. */
  readonly name: string;
  /** @param modelPath path of the ONNX file */
  run(video: string, modelPath: string): Promise<PeerRun>;
}

/** Settings with which Ultralytics neither reports events nor installs packages by itself. */
const SETTINGS = { YOLO_AUTOINSTALL: 'false', YOLO_OFFLINE: 'true', YOLO_VERBOSE: 'false' };

/**
 * Creates the environment in the cache folder unless it exists; downloads PyTorch, and takes 6 GB.
 * @throws AppError `INVALID_INPUT` if the tools cannot run the model.
 */
export async function prepareYoloTools(
  names: readonly string[],
  cacheDir: string,
  model: KnownModel,
  onStep: (message: string) => void,
): Promise<YoloTool[]> {
  if (names.length === 0) return [];
  if (model.output.family !== 'yolov8')
    throw new AppError(
      'INVALID_INPUT',
      `Ultralytics cannot run ${model.name}, a model of the family ${model.output.family}. Add --model yolov8n.`,
    );
  onStep('Python environment of Ultralytics and supervision (minutes on the first use)');
  const requirements = join(peerFolder, 'requirements-yolo.txt');
  const bin = await preparePython(cacheDir, 'bench-yolo', requirements);
  return names.map((name) => ({
    name,
    run: async (video, modelPath) => {
      const script = [join(peerFolder, 'yolo.py'), video, '--loop', name, '--model', modelPath];
      const env = { ...SETTINGS, YOLO_CONFIG_DIR: dirname(bin) };
      const { stdout } = await execa(join(bin, 'python'), script, { env });
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as PeerRun;
    },
  }));
}
