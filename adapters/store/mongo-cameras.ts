import type { Collection } from 'mongodb';
import { CAMERAS } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { CameraStore } from '../../domain/ports/scenario-store.js';
import type { CameraDocument } from '../../domain/stream/scenario-document.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredCamera = CameraDocument & { readonly _id: string };

/** Cameras in MongoDB. */
export function createCameraDocuments(
  cameras: Collection<StoredCamera>,
  run: RunQuery,
): CameraStore {
  const filterOf = (cameraId: string) => ({ _id: expectId('a camera_id', cameraId) });
  return {
    put: async (camera) => {
      const filter = filterOf(camera.camera_id);
      await run(CAMERAS, () => cameras.replaceOne(filter, camera, { upsert: true }));
    },
    find: async (cameraId) => {
      const found = await run(CAMERAS, () => cameras.findOne(filterOf(cameraId)));
      return found ? withoutId(found) : undefined;
    },
    list: async () => {
      const find = () => cameras.find({}, { sort: { _id: 1 } }).toArray();
      return (await run(CAMERAS, find)).map(withoutId);
    },
    remove: async (cameraId) => {
      await run(CAMERAS, () => cameras.deleteOne(filterOf(cameraId)));
    },
  };
}

function withoutId({ _id, ...camera }: StoredCamera): CameraDocument {
  return camera;
}
