import { AppError } from '../domain/errors.js';
import type { Environment } from './env-schema.js';

const DEFAULT_ADDRESS = '127.0.0.1:7233';

/** Connection to Temporal, and the build of its workers. */
export function temporalOf(env: Environment) {
  return {
    address: env.TEMPORAL_ADDRESS ?? DEFAULT_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE,
    apiKey: env.TEMPORAL_API_KEY,
    tls: env.TEMPORAL_TLS,
    clientCertPath: env.TEMPORAL_TLS_CLIENT_CERT_PATH,
    clientKeyPath: env.TEMPORAL_TLS_CLIENT_KEY_PATH,
    deployment: deploymentOf(env),
    serverCaPath: env.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    serverName: env.TEMPORAL_TLS_SERVER_NAME,
    payloadKeys: env.VIDETTE_PAYLOAD_KEYS,
    payloadKeysFile: env.VIDETTE_PAYLOAD_KEYS_FILE,
  };
}

/**
 * Worker deployment version, if worker versioning is used; the name and the build must both be set. The
 * Temporal Worker Controller for Kubernetes sets the build as TEMPORAL_WORKER_BUILD_ID.
 */
function deploymentOf(env: Environment) {
  const { TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_WORKER_BUILD_ID: controllerBuildId } = env;
  const buildId = env.TEMPORAL_BUILD_ID ?? controllerBuildId;
  if (controllerBuildId !== undefined && controllerBuildId !== buildId) {
    throw new AppError(
      'INVALID_INPUT',
      `Invalid configuration: TEMPORAL_BUILD_ID is "${buildId}" and TEMPORAL_WORKER_BUILD_ID is "${controllerBuildId}", which both name the build of this worker: set one of them.`,
    );
  }
  if (name !== undefined && buildId !== undefined) return { name, buildId };
  if (name === undefined && buildId === undefined) return undefined;
  throw new AppError(
    'INVALID_INPUT',
    'Invalid configuration: TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_BUILD_ID (or TEMPORAL_WORKER_BUILD_ID) must be set together: set both or none.',
  );
}

/** Connection to MLflow; undefined: no registry besides the catalogue. */
export function mlflowOf(env: Environment) {
  const uri = env.MLFLOW_URI ?? trackingServerOf(env);
  if (uri === undefined) return undefined;
  return {
    uri: uri.replace(/\/+$/, ''),
    username: env.MLFLOW_TRACKING_USERNAME,
    password: env.MLFLOW_TRACKING_PASSWORD,
    token: env.MLFLOW_TRACKING_TOKEN,
    caFile: env.MLFLOW_CA_FILE,
  };
}

/** MLflow's own variable may also name a database or a folder, which only its own client reads. */
function trackingServerOf({ MLFLOW_TRACKING_URI: uri }: Environment): string | undefined {
  return uri !== undefined && /^https?:\/\//i.test(uri) ? uri : undefined;
}

/** Connection to the object store. */
export function objectStoreOf(env: Environment) {
  return {
    endpoint: env.MINIO_ENDPOINT,
    accessKey: env.MINIO_ACCESS_KEY,
    secretKey: env.MINIO_SECRET_KEY,
    sessionToken: env.MINIO_SESSION_TOKEN,
    region: env.MINIO_REGION,
    pathStyle: env.MINIO_PATH_STYLE,
    caFile: env.MINIO_CA_FILE,
  };
}

/** Receiver of traces, whose headers OpenTelemetry reads; undefined: no traces. */
export function tracingOf({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Environment) {
  return endpoint === undefined ? undefined : { endpoint: endpoint.replace(/\/+$/, '') };
}
