import type { Collection, Filter } from 'mongodb';
import { KEPT_IMAGES } from '../../domain/collections.js';
import { expectSha256 } from '../../domain/names.js';
import { type KeptImages, RESERVED_MS } from '../../domain/ports/kept-images.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

/** Kept image, by its SHA-256. */
export interface StoredKeptImage {
  readonly _id: string;
  readonly last_used: Date;
  readonly pinned?: true;
  /** Time at which a sweep reserved the image for removal. */
  readonly removing?: Date;
  /** Time at which a person had it erased; it stays reserved. */
  readonly erased?: Date;
}

const NOT_ERASED = { erased: { $exists: false } } as const;
const NOT_REMOVING = { removing: { $exists: false } } as const;

/** Kept images in MongoDB. */
export function createKeptImages(images: Collection<StoredKeptImage>, run: RunQuery): KeptImages {
  const set = async (filter: Filter<StoredKeptImage>, fields: Partial<StoredKeptImage>) => {
    const update = () => images.updateOne(filter, { $set: fields });
    return (await run(KEPT_IMAGES, update)).matchedCount === 1;
  };
  return {
    use: async (sha256, time) => {
      const _id = expectSha256(sha256);
      const insert = () => insertOnce(images, { _id, last_used: time });
      if (await run(KEPT_IMAGES, insert)) return true;
      return set({ _id, ...NOT_REMOVING }, { last_used: time });
    },
    pin: async (sha256) => {
      await set({ _id: expectSha256(sha256), ...NOT_REMOVING }, { pinned: true });
    },
    reserveUnused: async ({ before, limit, now }) => {
      const filter = unusedFilter(before, now);
      const options = { projection: { _id: 1 }, sort: { last_used: 1 }, limit } as const;
      const found = await run(KEPT_IMAGES, () => images.find(filter, options).toArray());
      const reserved: string[] = [];
      for (const { _id } of found) {
        if (await set({ _id, ...filter }, { removing: now })) reserved.push(_id);
      }
      return reserved;
    },
    forget: async (sha256) => {
      const filter = { _id: expectSha256(sha256) };
      await run(KEPT_IMAGES, () => images.deleteOne(filter));
    },
    erase: async (sha256, now) => {
      const _id = expectSha256(sha256);
      if (await set({ _id, ...NOT_ERASED }, { removing: now, erased: now })) return true;
      return (await run(KEPT_IMAGES, () => images.findOne({ _id }))) !== null;
    },
    erased: async () => {
      const filter = { erased: { $gt: new Date(0) } }; // unlike $exists, a range of the index
      const found = await run(KEPT_IMAGES, () => images.find(filter).toArray());
      return new Map(found.map(({ _id, erased }) => [_id, erased!])); // the filter requires it
    },
  };
}

function unusedFilter(before: Date, now: Date): Filter<StoredKeptImage> {
  const expired = { removing: { $lt: new Date(now.getTime() - RESERVED_MS) } };
  return {
    last_used: { $lt: before },
    pinned: { $exists: false },
    ...NOT_ERASED,
    $or: [NOT_REMOVING, expired],
  };
}
