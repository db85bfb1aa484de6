import type { Collection, Db, Filter, FindOptions, WithId } from 'mongodb';
import type { RunQuery } from './mongo-queries.js';

/** Resolves with whether the server is FerretDB. */
export type IsFerretDb = () => Promise<boolean>;

/** Asks the server once. */
export function createFerretCheck(database: Db, run: RunQuery): IsFerretDb {
  let isFerretDb: boolean | undefined;
  return async () => (isFerretDb ??= await run(undefined, () => askServer(database)));
}

async function askServer(database: Db): Promise<boolean> {
  return 'ferretdbVersion' in (await database.command({ buildInfo: 1 }));
}

/**
 * Reads the documents with these ids that exist, in any order. FerretDB has an index for one id, but reads
 * the whole collection for several.
 */
export async function findByIds<T extends { _id: string }>(
  collection: Collection<T>,
  ids: readonly string[],
  isFerretDb: IsFerretDb,
  options: FindOptions = {},
): Promise<WithId<T>[]> {
  const find = (_id: unknown) => collection.find({ _id } as Filter<T>, options).toArray();
  if (!(await isFerretDb())) return find({ $in: ids });
  return (await Promise.all(ids.map(find))).flat();
}
