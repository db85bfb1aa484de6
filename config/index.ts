import { resolve } from 'node:path';
import { usableCores } from '../platform/cpu-limit.js';
import { AppError } from '../domain/errors.js';
import { listProblems } from '../domain/schema-problems.js';
import { isModelPath } from '../domain/model/model-spec.js';
import { type Environment, environmentSchema } from './env-schema.js';
import { apiOf, imagesOf, transfersOf } from './http-api.js';
import { ffmpegOf, foldersOf, lanesOf, toolsOf } from './machine.js';
import { mlflowOf, objectStoreOf, temporalOf, tracingOf } from './servers.js';
import { streamsOf } from './streams.js';

/** Names of all variables. */
export const environmentVariables: readonly string[] = Object.keys(environmentSchema.shape);

/** Settings of a process, read once when it starts and passed as arguments. */
export type Config = ReturnType<typeof toConfig>;

/** Reads the settings from environment variables. @throws AppError `INVALID_INPUT` that names each invalid one. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return toConfig(readEnvironment(environment));
}

/** Reads the variables themselves. @throws AppError `INVALID_INPUT` that names each invalid one. */
export function readEnvironment(environment: NodeJS.ProcessEnv): Environment {
  const nonEmpty = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
  );
  const parsed = environmentSchema.safeParse(nonEmpty);
  if (parsed.success) return parsed.data;
  const problems = listProblems(parsed.error).join('; ');
  throw new AppError('INVALID_INPUT', `Invalid configuration: ${problems}`);
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

function toConfig(env: Environment) {
  const cores = usableCores();
  return {
    logLevel: env.LOG_LEVEL,
    timing: env.VIDETTE_TEST_TIMING,
    /** Jobs that are pruned by a schedule; undefined: none. */
    retention: env.VIDETTE_RETENTION,
    ...foldersOf(env),
    model: env.VIDETTE_MODEL,
    cores,
    ...lanesOf(env, cores.count),
    /** Maximum number of ranges of a job in flight. */
    window: env.VIDETTE_WINDOW || 2 * cores.count + 2,
    /** Whether the video worker trains models, and the command line of the trainer `command`. */
    train: { enabled: env.VIDETTE_TRAIN, command: env.VIDETTE_TRAIN_COMMAND },
    /** Address of a worker's health server; undefined: none. */
    health: env.VIDETTE_HEALTH_PORT
      ? { host: env.VIDETTE_HEALTH_HOST, port: env.VIDETTE_HEALTH_PORT }
      : undefined,
    api: apiOf(env),
    images: imagesOf(env, cores.count),
    ...transfersOf(env),
    tools: toolsOf(env),
    /** Whether packages may be installed for the whole system, and an AGPL model downloaded. */
    consent: { install: env.VIDETTE_ALLOW_INSTALL, agpl: env.VIDETTE_ACCEPT_AGPL },
    ffmpeg: ffmpegOf(env),
    streams: streamsOf(env),
    /** URL of Temporal's Web UI. */
    temporalUi: env.VIDETTE_TEMPORAL_UI,
    /** Whether TEMPORAL_ADDRESS is set: commands then use its servers even if a local stack runs. */
    namesServers: env.TEMPORAL_ADDRESS !== undefined,
    /** URL of Vidette's page, without a slash at its end. */
    pageUrl: env.VIDETTE_PAGE_URL?.replace(/\/+$/, ''),
    temporal: temporalOf(env),
    objectStore: objectStoreOf(env),
    documentStore: { uri: env.MONGO_URI },
    mlflow: mlflowOf(env),
    tracing: tracingOf(env),
  };
}
