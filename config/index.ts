import { join, resolve } from 'node:path';
import { usableCores } from '../platform/cpu-limit.js';
import { AppError } from '../domain/errors.js';
import { isModelPath } from '../domain/model/model-spec.js';
import { type Environment, environmentSchema } from './env-schema.js';

/** Names of all variables. */
export const environmentVariables: readonly string[] = Object.keys(environmentSchema.shape);

/** Settings of a process, read once at its entry and passed on as arguments. */
export type Config = ReturnType<typeof toConfig>;

/** @throws AppError `INVALID_INPUT` that names each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return toConfig(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('INVALID_INPUT', `Wrong configuration: ${problems.join('; ')}`);
}

/** The environment of this process, for a child that may run in another folder. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { VIDETTE_MODEL: model, VIDETTE_MODELS_DIR: modelsDir } = process.env;
  return {
    ...process.env,
    ...(model && isModelPath(model) && { VIDETTE_MODEL: resolve(model) }),
    ...(modelsDir && { VIDETTE_MODELS_DIR: resolve(modelsDir) }),
  };
}

/** The version of a worker, where its jobs are to stay on it; both variables or none. */
function deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_BUILD_ID: buildId }: Environment) {
  if (name !== undefined && buildId !== undefined) return { name, buildId };
  if (name === undefined && buildId === undefined) return undefined;
  throw new AppError(
    'INVALID_INPUT',
    'Wrong configuration: TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_BUILD_ID belong together; set both or none.',
  );
}

/** 127.0.0.0/8, ::1 and their name: what only this machine can reach. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Where the HTTP API listens, port 0 being a free one, and whom it lets in. */
function apiOf(env: Environment) {
  const isLoopback = LOOPBACK.test(env.VIDETTE_API_HOST);
  if (env.VIDETTE_API_AUTH === 'none' && !isLoopback) {
    throw new AppError(
      'INVALID_INPUT',
      `Wrong configuration: VIDETTE_API_AUTH=none would open the API to the network of ${env.VIDETTE_API_HOST}. Leave it out, or listen on 127.0.0.1 (VIDETTE_API_HOST).`,
    );
  }
  return {
    host: env.VIDETTE_API_HOST,
    port: env.VIDETTE_API_PORT,
    isLoopback,
    auth: env.VIDETTE_API_AUTH ?? (isLoopback ? 'none' : 'keys'),
    /** Names under which it may be asked, beside those of loopback. */
    hosts: env.VIDETTE_API_HOSTS,
    /** A body that stands still so long is cut off. */
    idleMs: env.VIDETTE_API_IDLE_S * 1000,
    maxConnections: env.VIDETTE_API_CONNECTIONS,
    /** Requests per minute and address that bring no key, where keys are needed. */
    ratePerMinute: env.VIDETTE_API_RATE,
    /** Other sites whose pages may ask it. */
    corsOrigins: env.VIDETTE_CORS_ORIGINS.map((origin) => new URL(origin).origin),
  } as const;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** A GPU is done with one frame before it can be asked for the next; on a CPU batches cost time. */
const BATCH = { cpu: 1, gpu: 8 } as const;

/** A quarter of the cores, at least one for each model that is in use. */
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
    /** Ranges of one job that are in flight at once. */
    window: env.VIDETTE_WINDOW || 2 * cores.count + 2,
    /** Where a worker answers whether it is ready; undefined where it does not. */
    health: env.VIDETTE_HEALTH_PORT
      ? { host: env.VIDETTE_HEALTH_HOST, port: env.VIDETTE_HEALTH_PORT }
      : undefined,
    api: apiOf(env),
    /** Single pictures: the API's own detection processes, and what they are given. */
    images: {
      lanes: env.VIDETTE_API_LANES || defaultImageLanes(cores.count, env.VIDETTE_CLASSIFIER),
      /** Model that says what a picture shows as a whole; undefined where the other one does. */
      classifier: env.VIDETTE_CLASSIFIER,
      maxBytes: env.VIDETTE_MAX_PICTURE_MB * MIB,
    },
    ...outsideOf(env),
    tools: toolsOf(env),
    ffmpeg: ffmpegOf(env),
    /** Address of Temporal's Web UI, for people. */
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
    /** Clips and pictures for tests and benchmarks. */
    testDataDir: env.VIDETTE_TEST_DATA,
  };
}

/** Detection processes of a worker; lanes x threads = cores that may be used. */
function lanesOf(env: Environment, cores: number) {
  return {
    /** Device of a detect worker. */
    device: env.VIDETTE_DEVICE,
    lanes: env.VIDETTE_LANES || Math.max(1, Math.floor(cores / env.VIDETTE_LANE_THREADS)),
    /** Threads of each lane. */
    laneThreads: env.VIDETTE_LANE_THREADS,
    laneTimeoutMs: env.VIDETTE_LANE_TIMEOUT_S * 1000,
    /** Frames of one inference, where the network takes several. */
    batch: env.VIDETTE_BATCH ?? BATCH[env.VIDETTE_DEVICE],
    /** Resident memory at which a lane is replaced; 0 for none. */
    laneMemoryBytes: env.VIDETTE_LANE_MEMORY_MB * MIB,
    /** Heap of JavaScript of each worker and lane that a stack starts, in MiB; 0 for Node's own. */
    workerHeapMb: env.VIDETTE_WORKER_HEAP_MB,
  };
}

/** What comes in from other places, and what goes out to them. */
function outsideOf(env: Environment) {
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
      /** Where those who upload in parts reach the object store; undefined where this process does. */
      publicEndpoint: env.MINIO_PUBLIC_ENDPOINT,
    },
  };
}

/** Executables given by hand, where the others are searched, and where releases come from. */
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
