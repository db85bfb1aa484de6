import type { ModelSource } from '../../domain/ports/model-source.js';
import { createMlflowClient, type MlflowSettings } from './client.js';
import { downloadVersion } from './download.js';
import { checkRegistry, resolveVersion } from './resolve.js';

export interface MlflowSourceSettings extends MlflowSettings {
  /** Maximum size of the files of one model, in bytes. */
  readonly maxBytes: number;
}

/** Reads models from the registry of an MLflow server, version 2 or 3. */
export function createMlflowSource({ maxBytes, ...settings }: MlflowSourceSettings): ModelSource {
  const client = createMlflowClient(settings);
  return {
    resolve: (ref) => resolveVersion(client, ref),
    download: (version, options) => downloadVersion(client, version, maxBytes, options),
    check: async () => {
      await checkRegistry(client);
      return (await client.text('/version')).trim();
    },
    close: () => client.close(),
  };
}
