import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { AppError } from '../../domain/errors.js';
import { sha256 } from '../../domain/hash.js';
import type { VideoSource } from '../../domain/plan.js';
import type { ObjectStore, SourceCache } from '../../domain/ports.js';

/** A lock whose owner has been silent for so long is broken. */
const LOCK_STALE_MS = 20_000;
const LOCK_RETRY_MS = 200;

/**
 * One copy of each source video per host, shared by its workers: downloaded once under a lock,
 * renamed when whole, the least recently used removed when there is no room. A user of a copy
 * hard-links it, so that removal never takes a file from under a decoder.
 */
export function createSourceCache(
  store: ObjectStore,
  folder: string,
  maxBytes: number,
): SourceCache {
  return {
    link: async (source, into, signal, onDownload) => {
      const cached = join(folder, sha256(`${source.bucket}/${source.key}/${source.etag}`));
      const linked = join(into, 'source');
      if (await linkExisting(cached, linked)) return linked;
      await mkdir(folder, { recursive: true });
      const release = await lock(cached, signal);
      try {
        if (!(await linkExisting(cached, linked))) {
          const bytes = await download(store, source, cached, signal);
          onDownload?.(bytes);
          await linkExisting(cached, linked);
          await makeRoom(folder, maxBytes, cached);
        }
      } finally {
        await release();
      }
      return linked;
    },
  };
}

async function linkExisting(cached: string, linked: string): Promise<boolean> {
  try {
    await link(cached, linked);
    const now = new Date();
    await utimes(cached, now, now);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
}

/** Waits for the lock on a copy, as long as the caller wants it. */
async function lock(path: string, signal: AbortSignal): Promise<() => Promise<void>> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await lockfile.lock(path, { realpath: false, stale: LOCK_STALE_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }
}

async function download(
  store: ObjectStore,
  { bucket, key, etag }: VideoSource,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const draft = `${path}.${randomUUID()}.partial`;
  try {
    const found = await store.stat(bucket, key);
    if (!found)
      throw new AppError('VIDEO_NOT_FOUND', `The video ${bucket}/${key} is gone.`, { key });
    if (found.etag !== etag) {
      throw new AppError(
        'VIDEO_CHANGED',
        `The video ${bucket}/${key} was replaced while this job was reading it. Start a new job for it.`,
        { key },
      );
    }
    await store.getFile(bucket, key, draft);
    signal.throwIfAborted();
    await rename(draft, path);
    return found.size;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the least recently used copies until the rest fits; the newest always stays. */
async function makeRoom(folder: string, maxBytes: number, keep: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), ...(await sizeAndAge(folder, name)) })),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) return;
    if (path === keep) continue;
    await rm(path, { force: true });
    total -= size;
  }
}

async function sizeAndAge(folder: string, name: string) {
  const found = await stat(join(folder, name)).catch(() => undefined);
  return { size: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 };
}
