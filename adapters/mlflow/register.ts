import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { MODEL_FILE } from '../../domain/names.js';
import type { ModelRegistrar, RegisteredModel } from '../../domain/ports/model-registrar.js';
import { createMlflowClient, type MlflowClient, type MlflowSettings } from './client.js';
import { LABELS_FILE } from './labels.js';
import { MLMODEL_FILE } from './flavour.js';
import { API, findTagged } from './resolve.js';
import { isRefusal } from './refusals.js';

/** Experiment of the runs of all models. */
const EXPERIMENT = 'vidette';
/** Tag with the id of the work that made a version. */
const ID_TAG = 'vidette.retrain_id';
/** Prefix of the artifacts that MLflow stores itself. */
const PROXIED = 'mlflow-artifacts:/';
const FOLDER = 'model';

const anything = z.object({});
const experimentSchema = z.object({ experiment_id: z.string() });
const runSchema = z.object({
  run: z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string() }) }),
});
const versionSchema = z.object({
  model_version: z.object({ version: z.coerce.number().int().min(1) }),
});

type Run = z.infer<typeof runSchema>['run']['info'];

/** Writes models to the registry of an MLflow server, version 2 or 3. */
export function createMlflowRegistrar(settings: MlflowSettings): ModelRegistrar {
  return {
    register: async (model) => {
      const client = createMlflowClient(settings);
      try {
        return await register(client, model);
      } finally {
        await client.close();
      }
    },
  };
}

async function register(client: MlflowClient, model: RegisteredModel) {
  const { name, aliases } = model;
  const found = await keepLowest(client, model);
  const version = found ?? (await createOnce(client, model));
  for (const alias of aliases) {
    const moved = { name, alias, version: String(version) };
    await client.post(`${API}/registered-models/alias`, moved, anything);
  }
  return { version };
}

/**
 * Creates a version, and looks again: another attempt, which has timed out without noticing it, may have
 * created one in the meantime.
 */
async function createOnce(client: MlflowClient, model: RegisteredModel): Promise<number> {
  const created = await create(client, model);
  return (await keepLowest(client, model)) ?? created;
}

/**
 * Finds the lowest version with this id and deletes the others; undefined if there is none. MLflow
 * itself would create a version for each attempt. Attempts that overlap keep the same one, because
 * a version is only created when the lower ones can be found.
 */
async function keepLowest(
  client: MlflowClient,
  { name, id }: RegisteredModel,
): Promise<number | undefined> {
  const [kept, ...duplicates] = await findTagged(client, name, ID_TAG, id);
  for (const { version } of duplicates) await deleteVersion(client, name, version);
  return kept?.version;
}

async function deleteVersion(client: MlflowClient, name: string, version: number): Promise<void> {
  try {
    await client.delete(`${API}/model-versions/delete`, { name, version: String(version) });
  } catch (error) {
    // The other attempt may have deleted it first.
    if (!isRefusal(error, 404)) throw error;
  }
}

async function create(client: MlflowClient, model: RegisteredModel): Promise<number> {
  const { name, id, tags } = model;
  const run = await createRun(client, model);
  await uploadModel(client, model, run);
  await createUnlessExists(client, `${API}/registered-models/create`, { name });
  const source = `${run.artifact_uri}/${FOLDER}`;
  const { model_version } = await client.post(
    `${API}/model-versions/create`,
    { name, source, run_id: run.run_id, tags: toTags({ ...tags, [ID_TAG]: id }) },
    versionSchema,
  );
  const finished = { run_id: run.run_id, status: 'FINISHED', end_time: Date.now() };
  await client.post(`${API}/runs/update`, finished, anything);
  return model_version.version;
}

async function createRun(client: MlflowClient, model: RegisteredModel): Promise<Run> {
  const { id, metrics, params, tags } = model;
  const now = Date.now();
  const { run } = await client.post(
    `${API}/runs/create`,
    {
      ...{ experiment_id: await findExperiment(client), run_name: id, start_time: now },
      tags: toTags({ ...tags, [ID_TAG]: id }),
    },
    runSchema,
  );
  const { run_id } = run.info;
  const logged = {
    run_id,
    metrics: Object.entries(metrics).map(([key, value]) => ({
      key,
      value,
      timestamp: now,
      step: 0,
    })),
    params: toTags(params),
  };
  await client.post(`${API}/runs/log-batch`, logged, anything);
  return run.info;
}

async function findExperiment(client: MlflowClient): Promise<string> {
  const create = `${API}/experiments/create`;
  const created = await createUnlessExists(client, create, { name: EXPERIMENT });
  if (created) return experimentSchema.parse(created).experiment_id;
  const found = await client.call(
    `${API}/experiments/get-by-name`,
    { experiment_name: EXPERIMENT },
    z.object({ experiment: experimentSchema }),
  );
  return found.experiment.experiment_id;
}

/** Creates something; undefined if it exists. */
async function createUnlessExists(client: MlflowClient, path: string, body: object) {
  try {
    return await client.post(path, body, z.looseObject({}));
  } catch (error) {
    if (isRefusal(error, 400) && error.facts.reason === 'RESOURCE_ALREADY_EXISTS') return undefined;
    throw error;
  }
}

async function uploadModel(client: MlflowClient, model: RegisteredModel, run: Run): Promise<void> {
  const root = proxiedRoot(client, run);
  const indices = Object.fromEntries(model.labels.map((label, index) => [label, index]));
  const files = {
    [LABELS_FILE]: new Blob([JSON.stringify(indices)]),
    [`${FOLDER}/${MODEL_FILE}`]: await openAsBlob(model.path),
    // Last: a folder without it is not a model.
    [`${FOLDER}/${MLMODEL_FILE}`]: new Blob([mlmodelOf(run)]),
  };
  for (const [name, content] of Object.entries(files)) {
    await client.put(`/api/2.0/mlflow-artifacts/artifacts/${root}/${name}`, content);
  }
}

function proxiedRoot({ server }: MlflowClient, { artifact_uri }: Run): string {
  if (artifact_uri.startsWith(PROXIED)) return artifact_uri.slice(PROXIED.length);
  throw new AppError(
    'INVALID_INPUT',
    `${server} does not store artifacts itself, so no model can be registered there. Start it with --artifacts-destination, and without --no-serve-artifacts and --default-artifact-root.`,
  );
}

/** The description of an ONNX model, as `mlflow.onnx.log_model` writes it. JSON is YAML. */
function mlmodelOf({ run_id }: Run): string {
  const data = MODEL_FILE;
  return JSON.stringify({
    artifact_path: FOLDER,
    flavors: {
      onnx: { data, onnx_version: '', providers: ['CPUExecutionProvider'], code: null },
      python_function: { data, loader_module: 'mlflow.onnx' },
    },
    run_id,
    utc_time_created: new Date().toISOString().replace('T', ' ').replace('Z', ''),
  });
}

function toTags(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
