import { type KeptImages, RESERVED_MS } from '../../domain/ports/kept-images.js';

interface Use {
  readonly lastUsed: Date;
  readonly pinned?: true;
  readonly removing?: Date;
  readonly erased?: Date;
}

/** Kept images in memory; passes the contract of `test/contracts/kept-images.ts`. */
export function createMemoryKeptImages(): KeptImages {
  const images = new Map<string, Use>();
  return {
    use: async (sha256, lastUsed) => {
      await Promise.resolve();
      const known = images.get(sha256);
      if (known?.removing) return false;
      images.set(sha256, { ...known, lastUsed });
      return true;
    },
    pin: async (sha256) => {
      await Promise.resolve();
      const known = images.get(sha256);
      if (known && !known.removing) images.set(sha256, { ...known, pinned: true });
    },
    reserveUnused: async ({ before, limit, now }) => {
      await Promise.resolve();
      const isFree = ({ lastUsed, pinned, removing, erased }: Use) =>
        lastUsed < before &&
        !pinned &&
        !erased &&
        (!removing || now.getTime() - removing.getTime() > RESERVED_MS);
      const found = [...images].filter(([, use]) => isFree(use)).slice(0, limit);
      for (const [sha256, use] of found) images.set(sha256, { ...use, removing: now });
      return found.map(([sha256]) => sha256);
    },
    forget: async (sha256) => {
      await Promise.resolve();
      images.delete(sha256);
    },
    erase: async (sha256, now) => {
      await Promise.resolve();
      const known = images.get(sha256);
      if (known && !known.erased) images.set(sha256, { ...known, removing: now, erased: now });
      return known !== undefined;
    },
    erased: async () => {
      await Promise.resolve();
      return new Map([...images].flatMap(([key, { erased }]) => (erased ? [[key, erased]] : [])));
    },
  };
}
