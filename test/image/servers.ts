import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../config/index.js';
import { type Settings, startServers } from '../../stack/index.js';

/** Variables of servers; those of programs and folders of this machine do not apply in a container. */
const OF_SERVERS = /^(TEMPORAL|MINIO|MONGO)_./;

/** Temporal and both stores of this machine, on loopback, for containers on the network of the host. */
export interface ServersForContainers {
  /** Settings of a container; empty ones are left out. */
  readonly settings: Settings;
  /** Folder for the files of the test. */
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startServersForContainers(): Promise<ServersForContainers> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-image-stack-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  try {
    const servers = await startServers({ config, onStep: () => undefined });
    const chosen = Object.entries(servers.settings).filter(
      ([name, value]) => OF_SERVERS.test(name) && value !== '',
    );
    return {
      settings: Object.fromEntries(chosen),
      folder,
      stop: async () => {
        await servers.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
