import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { isLoggedModelId, type MlflowRef, mlflowUriOf } from '../../domain/model/mlflow-ref.js';
import type { SourceVersion } from '../../domain/ports/model-source.js';
import type { MlflowClient } from './client.js';
import { isRefusal } from './refusals.js';

/** Path of the REST API. */
export const API = '/api/2.0/mlflow';

const versionSchema = z.object({
  name: z.string(),
  version: z.coerce.number().int().min(1),
  source: z.string().default(''),
  run_id: z.string().default(''),
  model_id: z.string().optional(),
  status: z.string().default('READY'),
});
const oneSchema = z.object({ model_version: versionSchema });
const listSchema = z.object({ model_versions: z.array(versionSchema).default([]) });
const modelSchema = z.object({
  registered_model: z.object({
    tags: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]),
  }),
});

const LOGGED_MODEL_READY = 'LOGGED_MODEL_READY';
const loggedModelSchema = z.object({
  model: z.object({
    info: z.object({
      source_run_id: z.string().default(''),
      status: z.string().default(LOGGED_MODEL_READY),
    }),
  }),
});

/** Prefix of the source of a version that MLflow 3 logged. */
const LOGGED_MODEL = 'models:/';

/**
 * Finds the version that a reference names.
 * @throws AppError `MODEL_NOT_FOUND` for an unknown model, version or alias, `MODEL_INVALID` for a
 * version that is not ready.
 */
export async function resolveVersion(client: MlflowClient, ref: MlflowRef): Promise<SourceVersion> {
  if (isLoggedModelId(ref.name)) return resolveLoggedModel(client, ref);
  const found = await findVersion(client, ref);
  const { name, version, source, run_id: runId, status } = found;
  const modelId = modelIdOf(found);
  if (status !== 'READY') {
    throw new AppError(
      'MODEL_INVALID',
      `Version ${version} of ${name} in ${client.server} is ${status}, not READY. Register the model again.`,
      { model: mlflowUriOf(ref) },
    );
  }
  return { name, version, source, runId, ...(modelId !== undefined && { modelId }) };
}

/** Finds a model that was logged, but perhaps not registered. */
async function resolveLoggedModel(client: MlflowClient, ref: MlflowRef): Promise<SourceVersion> {
  const { name: modelId } = ref;
  const { info } = (await readLoggedModel(client, ref)).model;
  if (info.status !== LOGGED_MODEL_READY) {
    throw new AppError(
      'MODEL_INVALID',
      `Model ${modelId} in ${client.server} is ${info.status}, not ${LOGGED_MODEL_READY}. Log the model again.`,
      { model: mlflowUriOf(ref) },
    );
  }
  const source = mlflowUriOf({ name: modelId });
  return { name: modelId, version: 1, source, runId: info.source_run_id, modelId };
}

async function readLoggedModel(client: MlflowClient, ref: MlflowRef) {
  try {
    return await client.call(`${API}/logged-models/${ref.name}`, {}, loggedModelSchema);
  } catch (error) {
    if (isUnknown(error)) throw notFound(client, ref, error);
    throw isRefusal(error, 404) ? withoutLoggedModels(client, ref, error) : error;
  }
}

function withoutLoggedModels(client: MlflowClient, ref: MlflowRef, cause: AppError): AppError {
  return new AppError(
    'MODEL_NOT_FOUND',
    `${client.server} has no model ${mlflowUriOf(ref)}, because MLflow 2 has no logged models. Register the model, and name it as models:/NAME/1.`,
    { model: mlflowUriOf(ref) },
    { cause },
  );
}

/** MLflow 3 states the logged model by its id, its source, or both. */
function modelIdOf({ model_id, source }: z.infer<typeof versionSchema>): string | undefined {
  if (model_id !== undefined && model_id !== '') return model_id;
  return source.startsWith(LOGGED_MODEL) ? source.slice(LOGGED_MODEL.length) : undefined;
}

async function findVersion(client: MlflowClient, ref: MlflowRef) {
  try {
    if (ref.version !== undefined) return await readVersion(client, ref.name, ref.version);
    if (ref.alias !== undefined) return await readAlias(client, ref.name, ref.alias);
  } catch (error) {
    throw isUnknown(error) ? notFound(client, ref, error) : error;
  }
  // The version with the highest number, as `latest` means in MLflow.
  const latest = await findNewest(client, ref.name);
  if (latest) return latest;
  throw notFound(client, ref);
}

/** MLflow refuses an unknown alias as an invalid parameter. */
function isUnknown(error: unknown): error is AppError {
  return (isRefusal(error, 404) || isRefusal(error, 400)) && error.facts.reason !== undefined;
}

async function readVersion(client: MlflowClient, name: string, version: number) {
  const query = { name, version: String(version) };
  return (await client.call(`${API}/model-versions/get`, query, oneSchema)).model_version;
}

async function readAlias(client: MlflowClient, name: string, alias: string) {
  const query = { name, alias };
  return (await client.call(`${API}/registered-models/alias`, query, oneSchema)).model_version;
}

/** Finds the newest version of a model. */
async function findNewest(client: MlflowClient, name: string) {
  const query = {
    filter: `name=${quote(name)}`,
    order_by: 'version_number DESC',
    max_results: '1',
  };
  return (await client.call(`${API}/model-versions/search`, query, listSchema)).model_versions[0];
}

/** Lists up to 100 versions of a model with a tag, the oldest first. */
export async function findTagged(client: MlflowClient, name: string, key: string, value: string) {
  const query = {
    filter: `name=${quote(name)} and tags.\`${key}\`=${quote(value)}`,
    order_by: 'version_number ASC',
    max_results: '100',
  };
  return (await client.call(`${API}/model-versions/search`, query, listSchema)).model_versions;
}

/** Quotes a name for a filter, whose strings have no escapes. */
function quote(name: string): string {
  if (!name.includes("'")) return `'${name}'`;
  if (!name.includes('"')) return `"${name}"`;
  throw new AppError(
    'INVALID_INPUT',
    `MLflow cannot search for the name ${JSON.stringify(name)}, which has both kinds of quotes. Name a version: models:/NAME/1`,
  );
}

/** Reads a tag of a registered model; undefined if it has no such tag. */
export async function readModelTag(
  client: MlflowClient,
  name: string,
  key: string,
): Promise<string | undefined> {
  const { registered_model } = await client.call(
    `${API}/registered-models/get`,
    { name },
    modelSchema,
  );
  return registered_model.tags.find((tag) => tag.key === key)?.value;
}

/** Checks that the registry answers to this account. */
export async function checkRegistry(client: MlflowClient): Promise<void> {
  await client.call(`${API}/registered-models/search`, { max_results: '1' }, z.object({}));
}

function notFound(client: MlflowClient, ref: MlflowRef, cause?: AppError): AppError {
  const detail = cause ? ` (${cause.message})` : ', or it has no version';
  return new AppError(
    'MODEL_NOT_FOUND',
    `${client.server} has no model ${mlflowUriOf(ref)}${detail}. Correct the name, version or alias, or register it there.`,
    { model: mlflowUriOf(ref) },
    { cause },
  );
}
