import { join } from 'node:path';
import { createCameraTester } from '../../adapters/camera/camera-tester.js';
import type { CameraTest } from '../../domain/stream/camera-test.js';
import type { App } from '../app.js';
import type { Connected } from '../connect.js';

/** Tests a camera that was added, from this machine. */
export async function runCameraTest(
  { out, signal }: App,
  { client, config }: Connected,
  cameraId: string,
): Promise<CameraTest> {
  const url = await client.cameras.urlOf(cameraId);
  out.step('reading the camera for six seconds');
  return createCameraTester(config, join(config.dataDir, 'camera-tests'))(url, signal);
}
