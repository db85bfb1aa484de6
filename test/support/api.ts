import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { linkToParent } from '../../platform/parent-death.js';
import { projectFile } from '../../platform/package-root.js';
import type { Service } from '../../stack/supervisor/service.js';
import { superviseService } from '../../stack/supervisor/supervise-service.js';
import type { Settings } from '../../stack/settings.js';
import type { TestStack } from './stack.js';

const HOST = '127.0.0.1';

/** The compiled HTTP API as a process. */
export interface TestApi {
  /** `http://127.0.0.1:{port}`, without a slash at its end. */
  readonly url: string;
  readonly pid: number;
  /** Asks for an address below `/api/v1`. */
  readonly at: (address: string, init?: RequestInit) => Promise<Response>;
  /** Sends JSON to one. */
  readonly post: (
    address: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  /** What it has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the built API against the servers of a stack, on a port of its own, and resolves when it
 * takes work. End it before the stack. `variables` are set beside those of the stack.
 */
export async function startApi(
  { folder, settings }: Pick<TestStack, 'folder' | 'settings'>,
  variables: Settings = {},
): Promise<TestApi> {
  const port = await getPort({ host: HOST });
  const name = `api-${port}`;
  const logPath = join(folder, 'logs', `${name}.log`);
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
  const url = `http://${HOST}:${port}`;
  const at: TestApi['at'] = (address, init) => fetch(`${url}/api/v1${address}`, init);
  return {
    ...{ url, at },
    post: (address, body, headers = {}) =>
      at(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    pid: supervised.record().process!.pid, // it runs
    log: () => readFile(logPath, 'utf8'),
    stop: () => supervised.stop(),
  };
}

/** The JSON of an answer. */
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
