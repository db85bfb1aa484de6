/** Reads of one key by one of its holders. */
export interface SharedRead<T> {
  /** Returns the value that any holder read less than `maxAgeMs` ago or is reading, else a new one. */
  readonly read: (maxAgeMs: number) => Promise<T>;
  readonly release: () => void;
}

/** Starts to read a key; `release` must be called. */
export type HoldKey<T> = (key: string) => SharedRead<T>;

interface Entry<T> {
  holders: number;
  isReading: boolean;
  /** Start of the last read, by `performance.now()`. */
  startedAt: number;
  value?: Promise<T>;
  previous?: T;
}

/**
 * Creates reads whose values are shared by all holders of a key, however many there are.
 * @param read receives the previous value of the key.
 */
export function createSharedReads<T>(
  read: (key: string, previous: T | undefined) => Promise<T>,
): HoldKey<T> {
  const entries = new Map<string, Entry<T>>();
  return (key) => {
    const entry = entries.get(key) ?? { holders: 0, isReading: false, startedAt: -Infinity };
    entries.set(key, entry);
    entry.holders++;
    return {
      read: (maxAgeMs) => sharedValue(entry, maxAgeMs, () => read(key, entry.previous)),
      release: () => {
        if (--entry.holders === 0) entries.delete(key);
      },
    };
  };
}

function sharedValue<T>(entry: Entry<T>, maxAgeMs: number, read: () => Promise<T>): Promise<T> {
  const now = performance.now();
  const isFresh = entry.isReading || now - entry.startedAt < maxAgeMs;
  if (entry.value && isFresh) return entry.value;
  entry.startedAt = now;
  entry.isReading = true;
  entry.value = settle(entry, read);
  return entry.value;
}

async function settle<T>(entry: Entry<T>, read: () => Promise<T>): Promise<T> {
  try {
    entry.previous = await read();
    return entry.previous;
  } catch (error) {
    delete entry.value; // the next read tries again
    throw error;
  } finally {
    entry.isReading = false;
  }
}
