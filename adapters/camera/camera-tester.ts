import type { CameraTest } from '../../domain/stream/camera-test.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { type CameraTestSettings, testCamera } from './test-camera.js';

/** Tests the camera of a URL, which is a secret, from this machine. */
export type TestCamera = (url: string, signal: AbortSignal) => Promise<CameraTest>;

/** Parts of the configuration that a test needs. */
export interface CameraTesterConfig {
  readonly streams: Pick<
    CameraTestSettings,
    'cameraNetworks' | 'deniedAddresses' | 'fileRoot' | 'fps'
  >;
  readonly ffmpeg: Pick<
    CameraTestSettings,
    'ffmpegPath' | 'ffprobePath' | 'memoryBytes' | 'maxPixels'
  >;
}

/**
 * @param folder folder for scripts.
 * @param withFrame whether tests return a frame.
 */
export function createCameraTester(
  { streams, ffmpeg }: CameraTesterConfig,
  folder: string,
  { withFrame = false } = {},
): TestCamera {
  const { cameraNetworks, deniedAddresses, fileRoot, fps } = streams;
  const { ffmpegPath, ffprobePath, memoryBytes, maxPixels } = ffmpeg;
  const settings: CameraTestSettings = {
    ...{ folder, ffmpegPath, ffprobePath, memoryBytes, maxPixels, fileRoot, fps, withFrame },
    ...{ cameraNetworks, deniedAddresses },
  };
  return (url, signal) => testCamera(parseCameraUrl(url), settings, signal);
}
