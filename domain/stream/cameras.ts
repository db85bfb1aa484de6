import { AppError } from '../errors.js';
import type { CameraStore } from '../ports/scenario-store.js';
import { deployedCameraId, sealCameraUrl, unsealCameraUrl } from './camera-seal.js';
import { redactCameraUrl } from './camera-url.js';
import type { CameraDocument } from './scenario-document.js';

/** A camera to store. */
export interface NewCamera extends Pick<CameraDocument, 'camera_id'> {
  /** URL with its credentials. */
  readonly url: string;
  /** Scenario that is deployed with this URL. */
  readonly scenario_uuid?: string | undefined;
}

/** Cameras, whose URLs are secrets. */
export interface Cameras {
  /**
   * Seals and stores a camera; one with its id is replaced.
   * @throws AppError `INVALID_INPUT` for an invalid URL, `CAMERA_UNREADABLE` without a key.
   */
  put(camera: NewCamera): Promise<CameraDocument>;
  /** Seals and stores the URL with which a scenario is deployed; the same URL has the same id. */
  putDeployed(scenarioUuid: string, url: string): Promise<CameraDocument>;
  /** Returns the URL of a camera. @throws AppError `CAMERA_NOT_FOUND`, `CAMERA_UNREADABLE`. */
  urlOf(cameraId: string): Promise<string>;
}

/** @param key VIDETTE_CAMERA_KEY; undefined if it is not set. */
export function createCameras(store: CameraStore, key: string | undefined): Cameras {
  const put: Cameras['put'] = async ({ camera_id, url, scenario_uuid = null }) => {
    const sealed = sealCameraUrl(expectKey(key, camera_id), camera_id, url);
    const shown = { camera_id, camera: redactCameraUrl(url) };
    const camera = { ...shown, sealed, scenario_uuid, updated_at: new Date() };
    await store.put(camera);
    return camera;
  };
  return {
    put,
    putDeployed: (scenario_uuid, url) => {
      const camera_id = deployedCameraId(expectKey(key, scenario_uuid), scenario_uuid, url);
      return put({ camera_id, url, scenario_uuid });
    },
    urlOf: async (cameraId) => {
      const camera = await store.find(cameraId);
      if (!camera) throw notFound(cameraId);
      return unsealCameraUrl(expectKey(key, cameraId), cameraId, camera.sealed);
    },
  };
}

function expectKey(key: string | undefined, camera_id: string): string {
  if (key !== undefined) return key;
  throw new AppError(
    'CAMERA_UNREADABLE',
    `VIDETTE_CAMERA_KEY is not set, which seals the URL of the camera ${camera_id}. Set it to 32 ` +
      'bytes in base64, the same in all processes: openssl rand -base64 32',
    { camera_id },
  );
}

function notFound(camera_id: string): AppError {
  return new AppError(
    'CAMERA_NOT_FOUND',
    `No camera has the camera_id ${JSON.stringify(camera_id)}. Add it with: vidette cameras add`,
    { camera_id },
  );
}
