import { join } from 'node:path';
import { GIB, MIB } from './bytes.js';
import type { Environment } from './env-schema.js';

/** Folders of this machine, and limits of their size. */
export function foldersOf(env: Environment) {
  return {
    dataDir: env.VIDETTE_DATA_DIR,
    cacheDir: env.VIDETTE_CACHE_DIR,
    scratchDir: env.VIDETTE_SCRATCH_DIR ?? join(env.VIDETTE_DATA_DIR, 'scratch'),
    scratchLimitBytes: env.VIDETTE_SCRATCH_LIMIT_GB * GIB,
    sourceCacheBytes: env.VIDETTE_SOURCE_CACHE_GB * GIB,
    modelsDir: env.VIDETTE_MODELS_DIR,
    /** Folder of the model that a container image includes. */
    includedModelsDir: env.VIDETTE_INCLUDED_MODELS_DIR,
    /** Clips and images for tests and benchmarks. */
    testDataDir: env.VIDETTE_TEST_DATA,
  };
}

/** Default batch size: a GPU would idle between single frames; on a CPU batches are slower. */
const BATCH = { cpu: 1, gpu: 8 } as const;

/** Default number of lanes on a GPU: each has a CUDA context of its own, of about 1 GiB. */
const GPU_LANES = 2;

/** Lanes of a worker; on a CPU, lanes x threads = usable cores. */
export function lanesOf(env: Environment, cores: number) {
  const onCpu = Math.max(1, Math.floor(cores / env.VIDETTE_LANE_THREADS));
  return {
    /** Device of a detect worker. */
    device: env.VIDETTE_DEVICE,
    lanes: env.VIDETTE_LANES || (env.VIDETTE_DEVICE === 'gpu' ? GPU_LANES : onCpu),
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

/** Configured executables, search path and download URLs of releases. */
export function toolsOf(env: Environment) {
  return {
    temporal: env.VIDETTE_TEMPORAL,
    versitygw: env.VIDETTE_VERSITYGW,
    minio: env.VIDETTE_MINIO,
    ferretdb: env.VIDETTE_FERRETDB,
    mongod: env.VIDETTE_MONGOD,
    searchPath: env.PATH,
    temporalReleases: env.VIDETTE_TEMPORAL_RELEASES,
    versitygwReleases: env.VIDETTE_VERSITYGW_RELEASES,
    mongodReleases: env.VIDETTE_MONGOD_RELEASES,
    /** Whether a portable ffmpeg is used even if there is one on PATH. */
    portableFfmpeg: env.VIDETTE_PORTABLE_FFMPEG,
    ffmpegReleases: env.VIDETTE_FFMPEG_RELEASES,
    pythonPackages: env.VIDETTE_PYTHON_PACKAGES,
  };
}

/** Programs that decode and probe videos, and their limits. */
export function ffmpegOf(env: Environment) {
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
