import type { AttachedCameras } from '../../activities/watch-camera.js';
import type { CameraAttachment } from '../../streams/camera-host.js';

/** An attachment, and the signal that aborts when it ends. */
export interface AttachedCamera {
  readonly attachment: CameraAttachment;
  readonly ended: AbortSignal;
}

/** Attachments of this worker by the uuid of their scenario. */
export interface CameraDirectory extends AttachedCameras {
  find(scenarioUuid: string): AttachedCamera | undefined;
}

export function createCameraDirectory(): CameraDirectory {
  const cameras = new Map<string, AttachedCamera>();
  return {
    find: (scenarioUuid) => cameras.get(scenarioUuid),
    add: (scenarioUuid, attachment) => {
      const ending = new AbortController();
      const camera = { attachment, ended: ending.signal };
      cameras.set(scenarioUuid, camera);
      return () => {
        // A later attachment of the same scenario may have replaced it.
        if (cameras.get(scenarioUuid) === camera) cameras.delete(scenarioUuid);
        ending.abort();
      };
    },
  };
}
