import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { sha256 } from '../../domain/hash.js';
import type { VideoSource } from '../../domain/video/plan.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { SourceCache } from '../../domain/ports/scratch.js';
import { tryLock } from '../../platform/file-lock.js';

/** Age of the last renewal after which a lock is taken over. */
const LOCK_STALE_MS = 20_000;
const POLL_MS = 200;
/** Folder of the files that name the source of each copy. */
const SOURCES = 'of';
const COPY = /^[0-9a-f]{64}$/;

/**
 * Keeps one copy of each source video per host, shared by its workers. A copy is downloaded under a
 * lock and renamed when complete; the least recently used copies are removed to stay below
 * `maxBytes`. Users of a copy hard-link it, so that a removal does not affect a running decoder.
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
      await mkdir(folder, { recursive: true });
      // While another process downloads the copy, this one polls for it without a lock.
      while (!(await linkExisting(cached, linked))) {
        signal.throwIfAborted();
        const hasLocked = await withLock(cached, async () => {
          if (await exists(cached)) return;
          const bytes = await download(store, source, cached, signal);
          onDownload?.(bytes);
          await makeRoom(folder, maxBytes, cached);
        });
        if (!hasLocked) await sleep(POLL_MS);
      }
      return linked;
    },
    dropStale: () => dropStale(store, folder),
  };
}

function sourcePathOf(copy: string): string {
  return join(dirname(copy), SOURCES, basename(copy));
}

/** Records the source of a copy, whose name is a hash. */
async function writeSource(copy: string, { bucket, key, etag }: VideoSource): Promise<void> {
  const path = sourcePathOf(copy);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ bucket, key, etag }));
}

/** Removes copies that cannot be shown to be those of a stored video. */
async function dropStale(store: ObjectStore, folder: string): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => COPY.test(name));
  let dropped = 0;
  for (const copy of names.map((name) => join(folder, name))) {
    if (await isCurrent(store, copy)) continue;
    await removeCopy(copy);
    dropped++;
  }
  return dropped;
}

async function isCurrent(store: ObjectStore, copy: string): Promise<boolean> {
  const text = await readFile(sourcePathOf(copy), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const { bucket, key, etag } = JSON.parse(text) as VideoSource; // written by `writeSource`
  return (await store.stat(bucket, key))?.etag === etag;
}

/** Removes a copy; a running decoder has a link to it. */
async function removeCopy(copy: string): Promise<void> {
  await rm(copy, { force: true });
  await rm(sourcePathOf(copy), { force: true });
}

/** Runs `work` under the lock of a copy; false if another process or activity holds the lock. */
async function withLock(path: string, work: () => Promise<void>): Promise<boolean> {
  const release = await tryLock(path, LOCK_STALE_MS);
  if (!release) return false;
  try {
    await work();
  } finally {
    await release();
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
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

async function download(
  store: ObjectStore,
  source: VideoSource,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const { bucket, key, etag } = source;
  const draft = `${path}.${randomUUID()}.partial`;
  try {
    const found = await store.stat(bucket, key, { signal });
    if (!found) {
      const message = `The video ${bucket}/${key} was removed from the object store.`;
      throw new AppError('VIDEO_NOT_FOUND', message, { key });
    }
    if (found.etag !== etag) {
      throw new AppError(
        'VIDEO_CHANGED',
        `The video ${bucket}/${key} was replaced while this job was reading it. Start a new job for it.`,
        { key },
      );
    }
    await store.getFile(bucket, key, draft, { signal });
    await writeSource(path, source);
    await rename(draft, path);
    return found.size;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the least recently used copies, except `keep`, until the rest fits in `maxBytes`. */
async function makeRoom(folder: string, maxBytes: number, keep: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => COPY.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), ...(await sizeAndAge(folder, name)) })),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) return;
    if (path === keep) continue;
    await removeCopy(path);
    total -= size;
  }
}

async function sizeAndAge(folder: string, name: string) {
  const found = await stat(join(folder, name)).catch(() => undefined);
  return { size: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 };
}
