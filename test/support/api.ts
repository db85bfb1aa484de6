import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { linkToParent } from '../../platform/parent-death.js';
import { projectFile } from '../../platform/package-root.js';
import type { Service } from '../../stack/supervisor/service.js';
import { superviseService } from '../../stack/supervisor/supervise-service.js';
import type { Settings } from '../../stack/settings.js';
import type { ConnectedStack } from './connected-stack.js';

const HOST = '127.0.0.1';

/** Requests to a running API. */
export interface ApiClient {
  /** `http://127.0.0.1:{port}`, without a slash at its end. */
  readonly url: string;
  /** Requests a path below `/api/v1`. */
  readonly at: (path: string, init?: RequestInit) => Promise<Response>;
  /** Sends JSON to such a path. */
  readonly post: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
}

/** The compiled HTTP API as a process. */
export interface TestApi extends ApiClient {
  readonly pid: number;
  /** Returns the log so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export function apiAt(url: string): ApiClient {
  const at: ApiClient['at'] = (path, init) => fetch(`${url}/api/v1${path}`, init);
  return {
    ...{ url, at },
    post: (path, body, headers = {}) =>
      at(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/**
 * Starts the built API on the servers of a stack, on a free port, and resolves when it is ready.
 * Stop it before the stack. `variables` override those of the stack.
 */
export async function startApi(
  { folder, settings }: Pick<ConnectedStack, 'folder' | 'settings'>,
  variables: Settings = {},
): Promise<TestApi> {
  const port = await getPort({ host: HOST });
  const name = `api-${port}`;
  const logPath = join(folder, 'logs', `${name}.log`);
  await mkdir(join(folder, 'logs'), { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...ownEnvironment(),
    ...settings,
    VIDETTE_API_HOST: HOST,
    VIDETTE_API_PORT: String(port),
    ...variables,
  };
  const wrapper = await linkToParent('TERM', env.PATH ?? '');
  const supervised = superviseService(serviceOf(env, port), {
    ...{ cwd: folder, logPath, wrapper },
    onChange: () => undefined,
  });
  try {
    await supervised.ready();
  } catch (error) {
    await supervised.stop();
    throw error;
  }
  return {
    ...apiAt(`http://${HOST}:${port}`),
    pid: supervised.record().process!.pid, // it is ready
    log: () => readFile(logPath, 'utf8'),
    stop: () => supervised.stop(),
  };
}

/** Parses the body of a response as JSON. */
export const json = async <T>(response: Response | Promise<Response>) =>
  (await (await response).json()) as T;

function serviceOf(env: NodeJS.ProcessEnv, port: number): Service {
  const url = `http://${HOST}:${port}`;
  return {
    name: 'api',
    title: 'the HTTP API',
    command: process.execPath,
    args: ['--enable-source-maps', projectFile('dist/api/main.js')],
    env,
    address: `${HOST}:${port}`,
    readyTimeoutMs: 60_000,
    graceMs: 20_000,
    probe: async () => (await fetch(`${url}/readyz`)).ok,
  };
}
