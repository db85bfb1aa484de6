/** Uses and pins of the images that are kept in the object store, by SHA-256 of their file. */
export interface KeptImages {
  /** Records a use of an image, before it is stored; false while the image is being removed. */
  use(sha256: string, time: Date): Promise<boolean>;
  /** Keeps an image indefinitely; does nothing for an image that is not kept. */
  pin(sha256: string): Promise<void>;
  /**
   * Reserves up to `limit` unpinned images that were last used before a time, for removal by the
   * caller alone.
   * @param now after an hour, another caller may reserve the same images.
   */
  reserveUnused(query: {
    readonly before: Date;
    readonly limit: number;
    readonly now: Date;
  }): Promise<string[]>;
  /** Forgets an image that was removed; does nothing for one that is unknown. */
  forget(sha256: string): Promise<void>;
  /**
   * Records that a person had an image erased: it is never kept again. The first time stays.
   * @returns false for an image that is not kept.
   */
  erase(sha256: string, now: Date): Promise<boolean>;
  /** Returns the erased images with the times of their erasure. */
  erased(): Promise<ReadonlyMap<string, Date>>;
}

/** Time after which a reservation expires: its holder has exited. */
export const RESERVED_MS = 3600 * 1000;
