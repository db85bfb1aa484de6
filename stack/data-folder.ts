import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Paths of the parts of a stack in its data folder. */
export function dataPaths(dataDir: string) {
  const root = resolve(dataDir);
  return {
    root,
    temporal: join(root, 'temporal'),
    objects: join(root, 'objects'),
    /** Exists only if the file system cannot store the metadata of objects. */
    objectMetadata: join(root, 'object-metadata'),
    documents: join(root, 'documents'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    credentials: join(root, 'credentials.json'),
    webhookSecret: join(root, 'webhook-secret'),
    ports: join(root, 'ports.json'),
    /** Exists while a backup is being restored, and after a restore that was interrupted. */
    restoring: join(root, 'restoring'),
    state: join(root, 'run/stack.json'),
    plan: join(root, 'run/plan.json'),
    lock: join(root, 'run/up'),
    log: (name: string) => join(root, 'logs', `${name}.log`),
  } as const;
}

/** Creates the folders of a stack, accessible to the current user only. */
export async function makeDataFolder(dataDir: string, scratchDir: string): Promise<void> {
  const { root, temporal, objects, documents, logs, run } = dataPaths(dataDir);
  for (const folder of [root, temporal, objects, documents, logs, run, resolve(scratchDir)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await chmod(root, 0o700);
}
