import { type Collection, MongoServerError, type OptionalUnlessRequiredId } from 'mongodb';

/** MongoDB's code of a key that exists. */
export const DUPLICATE_KEY = 11000;

/** Inserts a document; returns false if its `_id` exists. */
export async function insertOnce<T extends { _id: string }>(
  collection: Collection<T>,
  document: OptionalUnlessRequiredId<T>,
): Promise<boolean> {
  try {
    await collection.insertOne(document);
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}
