import { availableFences, createLauncher } from '../../adapters/ffmpeg/launcher.js';

/** Limits of a decoder of a camera, which has no limit of time. */
const LIMITS = { timeoutS: undefined, memoryBytes: 4 * 2 ** 30, fileBytes: 2 ** 20 };

/** Creates a fenced launcher of ffmpeg or ffprobe for cameras in a folder. */
export async function cameraLauncher(folder: string, name = 'ffmpeg'): Promise<string> {
  return createLauncher(folder, { name, path: name }, LIMITS, await availableFences());
}
