import type { VidetteClient } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { makeCameraClip } from '../camera/camera-clip.js';
import { type FaultCamera, startFaultCamera } from '../camera/fault-camera.js';
import { childrenOf } from '../support/camera-host.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';
import { ALL_WORKERS } from '../support/workers.js';

/** Servers and workers that faults are injected into, and a camera on loopback. */
export interface CameraHarness {
  readonly stack: TestStack;
  readonly client: VidetteClient;
  readonly camera: FaultCamera;
  close(keepFolder: boolean): Promise<void>;
}

export async function startCameraHarness(): Promise<CameraHarness> {
  const stack = await startStack(
    { VIDETTE_CAMERA_NETWORKS: '127.0.0.0/8', VIDETTE_MODEL: MOCK_MODEL_NAME },
    [],
    undefined,
    ALL_WORKERS,
  );
  const camera = await startFaultCamera({ clip: await makeCameraClip(stack.folder, 'h264') });
  return {
    ...{ stack, camera, client: clientOf(stack) },
    async close(keepFolder) {
      await camera.close();
      await stack.close({ keepFolder });
    },
  };
}

/** Returns the camera processes of the stream worker. */
export const camerasIn = ({ stack }: CameraHarness) =>
  childrenOf(stack.workers.pid('stream_worker'), 'camera-main');

/** Returns the decoders of all camera processes. */
export async function decodersIn(harness: CameraHarness): Promise<number[]> {
  const decoders = (await camerasIn(harness)).map((pid) => childrenOf(pid, 'ffmpeg'));
  return (await Promise.all(decoders)).flat();
}
