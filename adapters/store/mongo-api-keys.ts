import type { Collection } from 'mongodb';
import type { ApiKey } from '../../domain/api-key.js';
import { API_KEYS } from '../../domain/collections.js';
import type { ApiKeyStore } from '../../domain/ports/document-store.js';
import type { RunQuery } from './mongo-queries.js';

/** A key in the collection `api_keys`. */
export type ApiKeyDocument = Omit<ApiKey, 'key_id'> & { readonly _id: string };

/** Keys of the HTTP API in MongoDB. Values from outside are compared, never used as operators. */
export function createApiKeys(keys: Collection<ApiKeyDocument>, run: RunQuery): ApiKeyStore {
  return {
    insert: async ({ key_id: id, ...key }) => {
      await run(API_KEYS, () => keys.insertOne({ _id: id, ...key }));
    },
    find: async (hash) => {
      const found = await run(API_KEYS, () => keys.findOne({ hash: { $eq: hash } }));
      return found ? toKey(found) : undefined;
    },
    list: async () => {
      const sort = { created_at: 1 } as const;
      return (await run(API_KEYS, () => keys.find({}, { sort }).toArray())).map(toKey);
    },
    revoke: async (idOrName, revokedAt) => {
      const matches = { $or: [{ _id: { $eq: idOrName } }, { name: { $eq: idOrName } }] };
      const filter = { ...matches, revoked_at: { $eq: null } };
      const update = { $set: { revoked_at: revokedAt } };
      return (await run(API_KEYS, () => keys.updateMany(filter, update))).modifiedCount;
    },
  };
}

function toKey({ _id, ...key }: ApiKeyDocument): ApiKey {
  return { key_id: _id, ...key };
}
