import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../config/index.js';
import { findServers, settingsInUse } from './connect.js';

const CREDENTIALS = { MINIO_ACCESS_KEY: 'user', MINIO_SECRET_KEY: 'password' };

/** Settings on a data folder without a stack. */
const configOf = (environment: NodeJS.ProcessEnv) =>
  readConfig({ VIDETTE_DATA_DIR: join(tmpdir(), 'vidette-no-stack'), ...environment });

describe('findServers', () => {
  it('finds none without a stack and without credentials', async () => {
    expect(await findServers(configOf({}))).toBeUndefined();
    await expect(settingsInUse(configOf({}))).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
  });

  it('uses the servers of the environment if no stack runs', async () => {
    const config = configOf(CREDENTIALS);
    expect(await findServers(config)).toBe(config);
  });

  it('requires credentials beside TEMPORAL_ADDRESS', async () => {
    const address = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const config = configOf({ ...CREDENTIALS, ...address });
    expect(await findServers(config)).toBe(config);
    await expect(findServers(configOf(address))).rejects.toThrow(
      /TEMPORAL_ADDRESS selects .*127\.0\.0\.1:1.* MINIO_ACCESS_KEY/,
    );
  });
});
