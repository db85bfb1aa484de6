import { AppError } from '../../domain/errors.js';
import { expectId } from '../../domain/names.js';
import { withCredentials } from '../../domain/stream/camera-url.js';
import { createCameras } from '../../domain/stream/cameras.js';
import type { CameraDocument } from '../../domain/stream/scenario-document.js';
import type { VidetteClientDeps } from '../deps.js';

/** A camera without its URL, which is a secret. */
export interface Camera {
  readonly camera_id: string;
  /** Protocol and host, or the URL of a file. */
  readonly camera: string;
  /** Scenario that was deployed with the URL itself; null for a camera that was added. */
  readonly scenario_uuid: string | null;
  /** ISO 8601. */
  readonly updated_at: string;
}

/** A camera to add. */
export interface CameraRequest {
  readonly camera_id: string;
  /** rtsp, rtsps, http, https or file. */
  readonly url: string;
  /** Credentials that replace those of the URL. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Cameras, whose URLs are stored sealed. */
export interface CameraList {
  /** Seals and stores the URL of a camera; one with its id is replaced. */
  add(camera: CameraRequest): Promise<Camera>;
  list(): Promise<readonly Camera[]>;
  /**
   * Removes a camera.
   * @throws AppError `CAMERA_NOT_FOUND`, and `INVALID_INPUT` if a running scenario uses it.
   */
  remove(cameraId: string): Promise<void>;
  /** Returns the URL of a camera: a secret. @throws AppError `CAMERA_NOT_FOUND`. */
  urlOf(cameraId: string): Promise<string>;
}

/** Number of scenarios that are read at once. */
const PAGE = 100;

export function createCameraList({
  documents,
  cameraKey,
}: Pick<VidetteClientDeps, 'documents' | 'cameraKey'>): CameraList {
  const cameras = createCameras(documents.cameras, cameraKey);
  return {
    add: async (camera) => {
      const camera_id = expectId('a camera_id', camera.camera_id);
      return withoutUrl(await cameras.put({ camera_id, url: fullUrlOf(camera) }));
    },
    list: async () => (await documents.cameras.list()).map(withoutUrl),
    remove: async (cameraId) => {
      await cameras.urlOf(expectId('a camera_id', cameraId)).catch(ignoreUnreadable);
      await expectUnused(documents, cameraId);
      await documents.cameras.remove(cameraId);
    },
    urlOf: (cameraId) => cameras.urlOf(expectId('a camera_id', cameraId)),
  };
}

/** Returns the URL of a camera with its credentials. @throws AppError `INVALID_INPUT`. */
export function fullUrlOf({ url, username, password }: Omit<CameraRequest, 'camera_id'>): string {
  if (username === undefined && password === undefined) return url;
  return withCredentials(url, { username: username ?? '', password: password ?? '' });
}

/** A camera that was sealed with another key can be removed. */
function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'CAMERA_UNREADABLE') throw error;
}

async function expectUnused(
  { scenarios }: Pick<VidetteClientDeps['documents'], 'scenarios'>,
  cameraId: string,
): Promise<void> {
  for (let page = await scenarios.list({ limit: PAGE }); page.length > 0;) {
    const user = page.find(({ end, scenario }) => !end && scenario.camera_id === cameraId);
    if (user) throw inUse(cameraId, user.scenario_uuid);
    page = await scenarios.list({ limit: PAGE, after: page.at(-1) });
  }
}

function inUse(camera_id: string, scenario_uuid: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `The scenario ${scenario_uuid} uses the camera ${camera_id}. Stop it, or change its camera.`,
    { camera_id, scenario_uuid },
  );
}

function withoutUrl({ camera_id, camera, scenario_uuid, updated_at }: CameraDocument): Camera {
  return { camera_id, camera, scenario_uuid, updated_at: updated_at.toISOString() };
}
