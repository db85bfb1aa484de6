import { GIB } from './bytes.js';
import type { Environment } from './env-schema.js';

/** Settings of cameras and of the workers that watch them. */
export function streamsOf(env: Environment) {
  return {
    /** Maximum number of cameras of one stream worker. */
    maxWorkers: env.MAX_WORKERS,
    /** Frames per second of scenarios that set no rate. */
    fps: env.VIDEO_FPS,
    /** Networks of cameras; empty: all unicast addresses. */
    cameraNetworks: env.VIDETTE_CAMERA_NETWORKS,
    deniedAddresses: env.VIDETTE_DENIED_ADDRESSES,
    /** Folder of the files that a scenario may read; undefined: no files. */
    fileRoot: env.VIDETTE_FILE_ROOT,
    /** Key that seals the URLs of cameras; undefined: no cameras can be added. */
    cameraKey: env.VIDETTE_CAMERA_KEY,
    /** Limit for the rows and clips of all scenarios; undefined: none. */
    keepBytes:
      env.VIDETTE_STREAM_KEEP_GB === undefined ? undefined : env.VIDETTE_STREAM_KEEP_GB * GIB,
    /** Address on which the internal server of a stream worker listens. */
    host: env.VIDETTE_STREAM_HOST,
  };
}
