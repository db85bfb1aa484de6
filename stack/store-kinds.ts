import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from './data-folder.js';
import type { DocumentStoreKind, ObjectStoreKind, StoreKinds } from './tools/index.js';

/** Returns the stores that created a data folder, recognized by their files. */
export function storeKinds(dataDir: string): StoreKinds {
  const { objects, documents } = dataPaths(dataDir);
  return { objectStore: objectStoreKind(objects), documentStore: documentStoreKind(documents) };
}

function objectStoreKind(folder: string): ObjectStoreKind | undefined {
  if (existsSync(join(folder, '.minio.sys'))) return 'minio';
  const isUsed = existsSync(folder) && readdirSync(folder).length > 0;
  return isUsed ? 'versitygw' : undefined;
}

function documentStoreKind(folder: string): DocumentStoreKind | undefined {
  return (['ferretdb', 'mongod'] as const).find((kind) => existsSync(join(folder, kind)));
}
