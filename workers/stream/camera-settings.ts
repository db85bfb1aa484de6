import { join } from 'node:path';
import { availableFences, createLauncher } from '../../adapters/ffmpeg/launcher.js';
import type { MediaTool } from '../../adapters/ffmpeg/command.js';
import type { Config } from '../../config/index.js';
import type { CameraSettings } from '../../streams/protocol.js';

/** Largest file that a decoder may write: it only writes to pipes. */
const FILE_BYTES = 1024 ** 2;
/** Largest clip. */
const CLIP_BYTES = 2 * 1024 ** 3;

/** Writes the launcher of ffmpeg for the clips of cameras that send JPEGs into a folder. */
export async function createClipEncoder({ ffmpeg }: Config, folder: string): Promise<MediaTool> {
  const encoder = { name: 'ffmpeg', path: ffmpeg.ffmpegPath };
  const { memoryBytes, timeoutS, stallS } = ffmpeg;
  const limits = { memoryBytes, timeoutS, fileBytes: CLIP_BYTES };
  const bin = join(folder, 'bin', 'clips');
  return { launcher: await createLauncher(bin, encoder, limits, await availableFences()), stallS };
}

/** Writes the launchers of decoders into a folder, and returns what camera processes need. */
export async function createCameraSettings(
  { ffmpeg, streams }: Config,
  folder: string,
): Promise<CameraSettings> {
  const fences = await availableFences();
  const bin = join(folder, 'bin');
  const limits = { memoryBytes: ffmpeg.memoryBytes, fileBytes: FILE_BYTES };
  const decoder = { name: 'ffmpeg', path: ffmpeg.ffmpegPath };
  const prober = { name: 'ffprobe', path: ffmpeg.ffprobePath };
  const probing = { ...limits, timeoutS: ffmpeg.timeoutS };
  const { cameraNetworks, deniedAddresses, fileRoot } = streams;
  return {
    // A decoder of a camera runs as long as the camera.
    launcher: await createLauncher(bin, decoder, { ...limits, timeoutS: undefined }, fences),
    prober: await createLauncher(bin, prober, probing, fences),
    ...{ stallS: ffmpeg.stallS, maxPixels: ffmpeg.maxPixels },
    ...{ cameraNetworks, deniedAddresses, fileRoot },
  };
}
