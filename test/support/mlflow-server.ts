import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import getPort from 'get-port';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { messageOf } from '../../domain/errors.js';
import { preparePython } from '../../bench/python-environment.js';

/** A running MLflow server with a database and artifacts of its own. */
export interface MlflowServer {
  readonly uri: string;
  stop(): Promise<void>;
}

const requirementsOf = (major: 2 | 3) =>
  join(import.meta.dirname, `../fixtures/mlflow/requirements-${major}.txt`);
const READY_MS = 240_000;

/** As the adapter does it: MLflow closes idle connections, also while a request arrives. */
const dispatcher = new Agent({ pipelining: 0 });

/** Sends a request to MLflow. */
export function askMlflow(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, dispatcher });
}

/** Installs MLflow into the cache folder; takes minutes and 851 MB. Returns its Python. */
export async function prepareMlflow(cacheDir: string, major: 2 | 3 = 3): Promise<string> {
  return join(await preparePython(cacheDir, 'mlflow', requirementsOf(major)), 'python');
}

/** Installs MLflow; undefined, with a message, without Python or a package registry. */
export async function prepareMlflowIfPossible(cacheDir: string): Promise<string | undefined> {
  return prepareMlflow(cacheDir).catch((error: unknown) => {
    const reasons =
      /ENOENT|ensurepip|(Connection|NameResolution|Proxy)Error|timed out|No matching distribution/i;
    if (!reasons.test(messageOf(error))) throw error;
    console.warn('LEFT OUT: MLflow. It needs Python 3 with venv, and PyPI to install it.');
    return undefined;
  });
}

/** Starts MLflow on a free port of loopback. */
export async function startMlflow(python: string): Promise<MlflowServer> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-mlflow-'));
  const port = await getPort({ host: '127.0.0.1' });
  const store = [
    ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
    ...['--artifacts-destination', join(folder, 'artifacts')],
  ];
  const address = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const server = execa(python, ['-m', 'mlflow', 'server', ...address, ...store], {
    ...{ cwd: folder, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', reject: false },
    // Its own process group, because the server has children.
    detached: true,
    env: { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
  });
  const stop = async () => {
    const isRunning = server.exitCode === null && server.signalCode === null;
    if (server.pid !== undefined && isRunning) process.kill(-server.pid, 'SIGKILL');
    await server;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const uri = `http://127.0.0.1:${port}`;
  try {
    await untilReady(uri);
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri, stop };
}

async function untilReady(uri: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const response = await askMlflow(`${uri}/health`).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`MLflow at ${uri} is not ready.`);
    await sleep(200);
  }
}

/** Numbers of the versions of a registered model. */
export async function listMlflowVersions(uri: string, name: string): Promise<string[]> {
  const filter = encodeURIComponent(`name='${name}'`);
  const response = await askMlflow(`${uri}/api/2.0/mlflow/model-versions/search?filter=${filter}`);
  const { model_versions } = (await response.json()) as {
    readonly model_versions: readonly { readonly version: string }[];
  };
  return model_versions.map(({ version }) => version);
}
