import type { Collection } from 'mongodb';
import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyStore } from '../../domain/ports/document-store.js';

/** A key in the collection `api_keys`. */
export type ApiKeyDocument = Omit<ApiKey, 'key_id'> & { readonly _id: string };

/** Keys of the HTTP API in MongoDB. What comes from outside is compared, and never an operator. */
export function createApiKeys(keys: Collection<ApiKeyDocument>): ApiKeyStore {
  return {
    insert: async ({ key_id: id, ...key }) => {
      await keys.insertOne({ _id: id, ...key });
    },
    find: async (hash) => {
      const found = await keys.findOne({ hash: { $eq: hash } });
      return found ? toKey(found) : undefined;
    },
    list: async () => (await keys.find({}, { sort: { created_at: 1 } }).toArray()).map(toKey),
    revoke: async (idOrName, revokedAt) => {
      const ofKey = { $or: [{ _id: { $eq: idOrName } }, { name: { $eq: idOrName } }] };
      const filter = { ...ofKey, revoked_at: { $eq: null } };
      return (await keys.updateMany(filter, { $set: { revoked_at: revokedAt } })).modifiedCount;
    },
  };
}

function toKey({ _id, ...key }: ApiKeyDocument): ApiKey {
  return { key_id: _id, ...key };
}
