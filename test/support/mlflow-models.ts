import { askMlflow } from './mlflow-server.js';

/** Files of a logged model or a run, by their path. */
type Files = Readonly<Record<string, string | Uint8Array>>;

export interface LoggedModel {
  /** Name in the registry. */
  readonly name: string;
  /** Files of the model besides `MLmodel`. */
  readonly files: Files;
  /** Flavours of the model, with their members. */
  readonly flavors: Readonly<Record<string, object>>;
  readonly runFiles?: Files;
  /** Form of the version's source: a logged model of MLflow 3, or a folder of a run. */
  readonly source?: 'logged-model' | 'runs' | 'artifacts';
}

/** A version in the registry. */
export interface RegisteredVersion {
  readonly version: number;
  readonly runId: string;
}

const API = '/api/2.0/mlflow';
const ARTIFACTS = 'mlflow-artifacts:/';
/** Default experiment. */
const EXPERIMENT = '0';

type Json = Readonly<Record<string, unknown>>;

/** Logs a model by MLflow's REST API and registers it as the next version of its name. */
export async function registerModel(uri: string, model: LoggedModel): Promise<RegisteredVersion> {
  const { run } = await send<{ run: { info: { run_id: string; artifact_uri: string } } }>(
    uri,
    'POST',
    `${API}/runs/create`,
    { experiment_id: EXPERIMENT, start_time: 1_700_000_000_000 },
  );
  const { run_id: runId, artifact_uri: root } = run.info;
  await putFiles(uri, root, model.runFiles ?? {});
  const source = await logModel(uri, model, { runId, root });
  await send(uri, 'POST', `${API}/registered-models/create`, { name: model.name }, [200, 400]);
  const registered = { name: model.name, run_id: runId, ...source };
  const { model_version } = await send<{ model_version: { version: string } }>(
    uri,
    'POST',
    `${API}/model-versions/create`,
    registered,
  );
  return { version: Number(model_version.version), runId };
}

/** Points an alias at a version. */
export async function setAlias(uri: string, name: string, alias: string, version: number) {
  await send(uri, 'POST', `${API}/registered-models/alias`, {
    ...{ name, alias, version: String(version) },
  });
}

/** Sets a tag of a registered model. */
export async function setModelTag(uri: string, name: string, key: string, value: string) {
  await send(uri, 'POST', `${API}/registered-models/set-tag`, { name, key, value });
}

async function logModel(
  uri: string,
  { files, flavors, source = 'logged-model' }: LoggedModel,
  { runId, root }: { readonly runId: string; readonly root: string },
): Promise<Json> {
  // JSON is YAML.
  const all = { ...files, MLmodel: JSON.stringify({ flavors, run_id: runId }) };
  if (source === 'logged-model') return logSeparately(uri, all, runId);
  await putFiles(uri, `${root}/model`, all);
  return { source: source === 'runs' ? `runs:/${runId}/model` : `${root}/model` };
}

async function logSeparately(uri: string, files: Files, runId: string): Promise<Json> {
  const { model } = await send<{ model: { info: { model_id: string; artifact_uri: string } } }>(
    uri,
    'POST',
    `${API}/logged-models`,
    { experiment_id: EXPERIMENT, name: 'model', source_run_id: runId },
  );
  const { model_id, artifact_uri } = model.info;
  await putFiles(uri, artifact_uri, files);
  const ready = { model_id, status: 'LOGGED_MODEL_READY' };
  await send(uri, 'PATCH', `${API}/logged-models/${model_id}`, ready);
  return { source: `models:/${model_id}`, model_id };
}

async function putFiles(uri: string, root: string, files: Files): Promise<void> {
  const folder = root.slice(ARTIFACTS.length);
  for (const [name, content] of Object.entries(files)) {
    const url = `${uri}/api/2.0/mlflow-artifacts/artifacts/${folder}/${name}`;
    const body = typeof content === 'string' ? content : new Uint8Array(content);
    const response = await askMlflow(url, { method: 'PUT', body });
    if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
  }
}

/** Sends a request whose response has the shape `T`. */
async function send<T>(
  uri: string,
  method: string,
  path: string,
  body: Json,
  accepted: readonly number[] = [200],
): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await askMlflow(`${uri}${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!accepted.includes(response.status)) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return JSON.parse(text) as T; // of MLflow's documentation
}
