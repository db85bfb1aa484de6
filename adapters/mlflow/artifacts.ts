import type { Response } from 'undici';
import { isLoggedModelId } from '../../domain/model/mlflow-ref.js';
import type { SourceVersion } from '../../domain/ports/model-source.js';
import type { MlflowClient, OpenOptions, Query } from './client.js';
import { isRefusal } from './refusals.js';

/** Artifacts of a version and of its run, which the server fetches from its own store. */
export interface Artifacts {
  /** Opens a file of the model. */
  readonly open: (file: string, options: OpenOptions) => Promise<Response>;
  /** Reads a small file of the model; undefined if it does not exist. */
  readonly find: (file: string) => Promise<string | undefined>;
  /** Reads a small file of the run; undefined if it does not exist. */
  readonly findOfRun: (file: string) => Promise<string | undefined>;
}

const OF_VERSION = '/model-versions/get-artifact';
const OF_RUN = '/get-artifact';
/** The path that MLflow's own page uses; its REST API has none. */
const OF_LOGGED_MODEL = '/ajax-api/2.0/mlflow/logged-models';
/** Source of a version of MLflow 2: a folder of a run. */
const RUN_SOURCE = /^runs:\/([^/]+)\/(.+)$/;

/** Path and query of an artifact at the server. */
interface ArtifactRequest {
  readonly path: string;
  readonly query: Query;
}

/** Returns access to the artifacts of a version. */
export function artifactsOf(client: MlflowClient, version: SourceVersion): Artifacts {
  const locate = locatorOf(version);
  return {
    open: (file, options) => {
      const { path, query } = locate(file);
      return client.open(path, query, options);
    },
    find: (file) => {
      const { path, query } = locate(file);
      return find(client, path, query);
    },
    findOfRun: async (file) => {
      if (version.runId === '') return undefined;
      return find(client, OF_RUN, { run_id: version.runId, path: file });
    },
  };
}

/** MLflow cannot serve a version whose source is a folder of a run, but serves that folder. */
function locatorOf({ name, version, source }: SourceVersion) {
  const [, runId, folder] = RUN_SOURCE.exec(source) ?? [];
  return (file: string): ArtifactRequest => {
    if (isLoggedModelId(name)) {
      return {
        path: `${OF_LOGGED_MODEL}/${name}/artifacts/files`,
        query: { artifact_file_path: file },
      };
    }
    if (runId === undefined) {
      return { path: OF_VERSION, query: { name, version: String(version), path: file } };
    }
    return { path: OF_RUN, query: { run_id: runId, path: `${folder}/${file}` } };
  };
}

async function find(client: MlflowClient, path: string, query: Query) {
  try {
    return await client.text(path, query);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error is that of an artifact that does not exist. */
export function isMissing(error: unknown): boolean {
  return isRefusal(error, 404);
}
