import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Settings } from '../../stack/index.js';
import { type ConnectedStack, connectTo } from './connected-stack.js';
import type { WorkerName } from './workers.js';

/** Values that the global set-up of the shared tests provides. */
export interface SharedStack {
  readonly settings: Settings;
  /** URL of an API that needs no keys. */
  readonly apiUrl: string;
  /** URL of an API that needs keys. */
  readonly keysApiUrl: string;
  /** URLs of the health servers of the workers, without a slash at their end. */
  readonly workerUrls: Readonly<Record<WorkerName, string>>;
  /** Folder of the logs of both APIs, and of the data of the servers. */
  readonly dataFolder: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedStack: SharedStack;
  }
}

/** The shared stack, with files of the test file that uses it in a folder of their own. */
export interface SharedConnection extends ConnectedStack {
  readonly apiUrl: string;
  readonly keysApiUrl: string;
}

/**
 * Connects to the stack that all files of test/shared use at the same time: ids of videos, events
 * and models must begin with the name of the file, and no test may stop or list all of anything.
 */
export async function connectSharedStack(): Promise<SharedConnection> {
  const { settings, apiUrl, keysApiUrl } = inject('sharedStack');
  const folder = await mkdtemp(join(tmpdir(), 'vidette-shared-'));
  const connected = await connectTo(
    { ...settings, VIDETTE_SCRATCH_DIR: join(folder, 'scratch') },
    folder,
  );
  return {
    ...{ ...connected, apiUrl, keysApiUrl },
    close: async () => {
      await connected.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Returns the logs of the APIs and workers of the shared stack. */
export async function readSharedLogs(): Promise<string> {
  const folder = join(inject('sharedStack').dataFolder, 'logs');
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('');
}
