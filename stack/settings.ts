import type { Credentials } from './credentials.js';
import type { StackPlan } from './supervisor/stack-plan.js';

/** Environment variables, by name. */
export type Settings = Readonly<Record<string, string>>;

/** Environment variables for a process that uses this stack. */
export function settingsOf(plan: StackPlan, credentials: Credentials): Settings {
  const { temporal, temporalUi, objectStore, documentStore } = plan.ports;
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
    VIDETTE_TEMPORAL_UI: `http://127.0.0.1:${temporalUi}`,
    TEMPORAL_NAMESPACE: 'default',
    // Override variables of another cluster in the user's environment; empty counts as unset.
    TEMPORAL_API_KEY: '',
    TEMPORAL_TLS: 'false',
    TEMPORAL_TLS_CLIENT_CERT_PATH: '',
    TEMPORAL_TLS_CLIENT_KEY_PATH: '',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: '',
    TEMPORAL_TLS_SERVER_NAME: '',
    MINIO_ENDPOINT: `http://127.0.0.1:${objectStore}`,
    MINIO_ACCESS_KEY: credentials.accessKey,
    MINIO_SECRET_KEY: credentials.secretKey,
    MINIO_SESSION_TOKEN: '',
    MINIO_REGION: 'us-east-1',
    MINIO_PATH_STYLE: 'true',
    MINIO_CA_FILE: '',
    MONGO_URI: `mongodb://127.0.0.1:${documentStore}/`,
    ...(credentials.cameraKey !== undefined && { VIDETTE_CAMERA_KEY: credentials.cameraKey }),
    VIDETTE_DATA_DIR: plan.dataDir,
    VIDETTE_SCRATCH_DIR: plan.scratchDir,
    VIDETTE_FFMPEG: plan.tools.ffmpeg,
    VIDETTE_FFPROBE: plan.tools.ffprobe,
    ...(plan.model !== undefined && { VIDETTE_MODEL: plan.model }),
  };
}
