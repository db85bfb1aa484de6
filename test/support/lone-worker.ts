import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import getPort from 'get-port';
import { ownEnvironment } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import type { Settings } from '../../stack/settings.js';
import type { LogRecord, WorkerName } from './workers.js';

const SCRIPTS: Readonly<Record<WorkerName | 'api' | 'train_worker', string>> = {
  api: 'dist/api/main.js',
  video_worker: 'dist/workers/video/main.js',
  detect_worker: 'dist/workers/detect/main.js',
  stream_worker: 'dist/workers/stream/main.js',
  train_worker: 'dist/workers/train/main.js',
};

/** A compiled worker, or the HTTP API, without a supervisor. */
export interface LoneWorker {
  readonly child: ChildProcess;
  readonly records: readonly LogRecord[];
  /** URL of its health checks, of the API that of all routes, without a slash at its end. */
  readonly url: string;
  /** The status of `/readyz` and its body as text; 0 while it does not reply. */
  readyz(): Promise<{ readonly status: number; readonly body: string }>;
  stop(): Promise<void>;
}

export async function startLoneWorker(
  name: keyof typeof SCRIPTS,
  settings: Settings,
): Promise<LoneWorker> {
  const port = await getPort({ host: '127.0.0.1' });
  const records: LogRecord[] = [];
  const child = spawn(process.execPath, [projectFile(SCRIPTS[name])], {
    env: {
      ...ownEnvironment(),
      ...settings,
      VIDETTE_HEALTH_PORT: String(port),
      VIDETTE_API_PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) records.push(JSON.parse(line) as LogRecord);
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ child, records, url },
    readyz: async () => {
      try {
        const response = await fetch(`${url}/readyz`);
        return { status: response.status, body: await response.text() };
      } catch {
        return { status: 0, body: '' };
      }
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
