import { join, resolve } from 'node:path';
import { usableCores } from '../platform/cpu-limit.js';
import { AppError } from '../domain/errors.js';
import { isModelPath } from '../domain/model/model-spec.js';
import { type Environment, environmentSchema } from './env-schema.js';

/** Names of all variables. */
export const environmentVariables: readonly string[] = Object.keys(environmentSchema.shape);

/** Settings of a process, read once when it starts and passed as arguments. */
export type Config = ReturnType<typeof toConfig>;

/** Reads the settings from environment variables. @throws AppError `INVALID_INPUT` that names each invalid one. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const nonEmpty = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
  );
  const parsed = environmentSchema.safeParse(nonEmpty);
  if (parsed.success) return toConfig(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('INVALID_INPUT', `Invalid configuration: ${problems.join('; ')}`);
}

/** Environment of this process with absolute paths, for a child with another working directory. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { VIDETTE_MODEL: model, VIDETTE_MODELS_DIR: modelsDir } = process.env;
  return {
    ...process.env,
    ...(model && isModelPath(model) && { VIDETTE_MODEL: resolve(model) }),
    ...(modelsDir && { VIDETTE_MODELS_DIR: resolve(modelsDir) }),
  };
}

/** Worker deployment version, if worker versioning is used; both variables or none must be set. */
function deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_BUILD_ID: buildId }: Environment) {
  if (name !== undefined && buildId !== undefined) return { name, buildId };
  if (name === undefined && buildId === undefined) return undefined;
  throw new AppError(
    'INVALID_INPUT',
    'Invalid configuration: TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_BUILD_ID must be set together: set both or none.',
  );
}

/** Loopback host names: 127.0.0.0/8, ::1 and localhost. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Settings of the HTTP API; port 0 chooses a free port. */
function apiOf(env: Environment) {
  const isLoopback = LOOPBACK.test(env.VIDETTE_API_HOST);
  if (env.VIDETTE_API_AUTH === 'none' && !isLoopback) {
    throw new AppError(
      'INVALID_INPUT',
      `Invalid configuration: VIDETTE_API_AUTH=none would open the API at ${env.VIDETTE_API_HOST} to other machines. Remove it, or set VIDETTE_API_HOST=127.0.0.1.`,
    );
  }
  return {
    host: env.VIDETTE_API_HOST,
    port: env.VIDETTE_API_PORT,
    isLoopback,
    auth: env.VIDETTE_API_AUTH ?? (isLoopback ? 'none' : 'keys'),
    /** Allowed host names in addition to those of loopback. */
    hosts: env.VIDETTE_API_HOSTS,
    /** Time without data after which a request body is cut off. */
    idleMs: env.VIDETTE_API_IDLE_S * 1000,
    maxConnections: env.VIDETTE_API_CONNECTIONS,
    /** Limit of requests without a key per minute and client address, if keys are required. */
    ratePerMinute: env.VIDETTE_API_RATE,
    /** Origins of other sites whose pages may send requests. */
    corsOrigins: env.VIDETTE_CORS_ORIGINS.map((origin) => new URL(origin).origin),
  } as const;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Default batch size: a GPU would idle between single frames; on a CPU batches are slower. */
const BATCH = { cpu: 1, gpu: 8 } as const;

/** A quarter of the cores, but at least one lane per model. */
function defaultImageLanes(cores: number, classifier: string | undefined): number {
  return Math.max(classifier === undefined ? 1 : 2, Math.floor(cores / 4));
}

function toConfig(env: Environment) {
  const cores = usableCores();
  return {
    logLevel: env.LOG_LEVEL,
    timing: env.VIDETTE_TEST_TIMING,
    ...foldersOf(env),
    model: env.VIDETTE_MODEL,
    cores,
    ...lanesOf(env, cores.count),
    /** Maximum number of ranges of a job in flight. */
    window: env.VIDETTE_WINDOW || 2 * cores.count + 2,
    /** Address of a worker's health server; undefined: none. */
    health: env.VIDETTE_HEALTH_PORT
      ? { host: env.VIDETTE_HEALTH_HOST, port: env.VIDETTE_HEALTH_PORT }
      : undefined,
    api: apiOf(env),
    /** Prediction on single images in lanes of the API. */
    images: {
      lanes: env.VIDETTE_API_LANES || defaultImageLanes(cores.count, env.VIDETTE_CLASSIFIER),
      /** Model for image classification; default: the detection model. */
      classifier: env.VIDETTE_CLASSIFIER,
      maxBytes: env.VIDETTE_MAX_PICTURE_MB * MIB,
    },
    ...transfersOf(env),
    tools: toolsOf(env),
    ffmpeg: ffmpegOf(env),
    /** URL of Temporal's Web UI. */
    temporalUi: env.VIDETTE_TEMPORAL_UI,
    temporal: temporalOf(env),
    objectStore: objectStoreOf(env),
    documentStore: { uri: env.MONGO_URI },
  };
}

function foldersOf(env: Environment) {
  return {
    dataDir: env.VIDETTE_DATA_DIR,
    cacheDir: env.VIDETTE_CACHE_DIR,
    scratchDir: env.VIDETTE_SCRATCH_DIR ?? join(env.VIDETTE_DATA_DIR, 'scratch'),
    scratchLimitBytes: env.VIDETTE_SCRATCH_LIMIT_GB * GIB,
    sourceCacheBytes: env.VIDETTE_SOURCE_CACHE_GB * GIB,
    modelsDir: env.VIDETTE_MODELS_DIR,
    /** Clips and images for tests and benchmarks. */
    testDataDir: env.VIDETTE_TEST_DATA,
  };
}

/** Lanes of a worker; lanes x threads = usable cores. */
function lanesOf(env: Environment, cores: number) {
  return {
    /** Device of a detect worker. */
    device: env.VIDETTE_DEVICE,
    lanes: env.VIDETTE_LANES || Math.max(1, Math.floor(cores / env.VIDETTE_LANE_THREADS)),
    /** Number of threads per lane. */
    laneThreads: env.VIDETTE_LANE_THREADS,
    laneTimeoutMs: env.VIDETTE_LANE_TIMEOUT_S * 1000,
    /** Maximum number of frames per inference, for models with a dynamic batch. */
    batch: env.VIDETTE_BATCH ?? BATCH[env.VIDETTE_DEVICE],
    /** Resident memory above which a lane is replaced; 0: never. */
    laneMemoryBytes: env.VIDETTE_LANE_MEMORY_MB * MIB,
    /** JavaScript heap limit of each worker and lane of a stack, in MiB; 0: Node's default. */
    workerHeapMb: env.VIDETTE_WORKER_HEAP_MB,
  };
}

/** Settings of downloads, webhooks and uploads. */
function transfersOf(env: Environment) {
  return {
    download: {
      maxBytes: env.VIDETTE_MAX_DOWNLOAD_GB * GIB,
      allowPrivateAddresses: env.VIDETTE_ALLOW_PRIVATE_ADDRESSES,
      schemes: env.VIDETTE_DOWNLOAD_SCHEMES,
      deniedAddresses: env.VIDETTE_DENIED_ADDRESSES,
    },
    webhook: { secret: env.VIDETTE_WEBHOOK_SECRET },
    upload: {
      maxBytes: env.VIDETTE_MAX_UPLOAD_GB * GIB,
      /** URL of the object store for clients that upload parts; default: that of this process. */
      publicEndpoint: env.MINIO_PUBLIC_ENDPOINT,
    },
  };
}

/** Configured executables, search path and download URLs of releases. */
function toolsOf(env: Environment) {
  return {
    temporal: env.VIDETTE_TEMPORAL,
    minio: env.VIDETTE_MINIO,
    ferretdb: env.VIDETTE_FERRETDB,
    mongod: env.VIDETTE_MONGOD,
    searchPath: env.PATH,
    temporalReleases: env.VIDETTE_TEMPORAL_RELEASES,
    mongodReleases: env.VIDETTE_MONGOD_RELEASES,
  };
}

function ffmpegOf(env: Environment) {
  return {
    ffmpegPath: env.VIDETTE_FFMPEG,
    ffprobePath: env.VIDETTE_FFPROBE,
    timeoutS: env.VIDETTE_FFMPEG_TIMEOUT_S,
    stallS: env.VIDETTE_FFMPEG_STALL_S,
    memoryBytes: env.VIDETTE_FFMPEG_MEMORY_MB * MIB,
    maxPixels: env.VIDETTE_MAX_PIXELS,
    maxSeconds: env.VIDETTE_MAX_VIDEO_HOURS * 3600,
    maxFrames: env.VIDETTE_MAX_FRAMES,
  };
}

function temporalOf(env: Environment) {
  return {
    address: env.TEMPORAL_ADDRESS,
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

function objectStoreOf(env: Environment) {
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
