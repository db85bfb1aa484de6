import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createPartUploads } from '../../adapters/store/minio-part-uploads.js';
import { beginUpload } from '../../api/uploads/part-upload.js';
import { storeUpload } from '../../api/uploads/store-upload.js';
import { sweepUploads } from '../../api/uploads/sweep-uploads.js';
import { readConfig } from '../../config/index.js';
import { BUCKETS, keys, UPLOADS_PREFIX } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { PartUploads } from '../../domain/ports/part-uploads.js';
import { startServers } from '../../stack/index.js';

const MIB = 1024 ** 2;
const HOUR_MS = 3600 * 1000;
const BUCKET = BUCKETS.videos;

let folder: string;
let servers: Awaited<ReturnType<typeof startServers>>;
let objects: ObjectStore;
let partUploads: PartUploads;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-uploads-'));
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  servers = await startServers({ config, onStep: () => undefined });
  const { objectStore } = readConfig(servers.settings);
  objects = createObjectStore(objectStore);
  partUploads = createPartUploads(objectStore);
  await objects.ensureBucket(BUCKET);
});
afterAll(async () => {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => sweepAfter(100));

const documents = { forgetRequests: () => Promise.resolve() };
const sweepAfter = (hours: number) =>
  sweepUploads(
    { objects, partUploads, documents: documents as never }, // the only parts it uses
    Date.now() + hours * HOUR_MS,
  );

async function keysOf(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of objects.list(BUCKET, prefix)) found.push(key);
  return found;
}

/** Returns the number of unfinished uploads of a key. */
async function unfinishedOf(key: string): Promise<number> {
  let count = 0;
  for await (const _ of partUploads.unfinished(BUCKET, key)) count++;
  return count;
}

/** Returns the number of stored parts of the unfinished uploads of a key. */
async function partsOf(key: string): Promise<number> {
  let count = 0;
  for await (const upload of partUploads.unfinished(BUCKET, key)) {
    count += (await partUploads.parts(upload))?.length ?? 0;
  }
  return count;
}

describe('an upload that is not completed', () => {
  it('in parts is removed with its parts after a day', async () => {
    const { upload_id, missing } = await beginUpload(
      { objects, partUploads },
      { name: 'a.mp4', size: 40 * MIB },
    );
    const part = await fetch(missing[0]!.url, { method: 'PUT', body: Buffer.alloc(16 * MIB) });
    expect(part.status).toBe(200);
    const key = keys.upload(upload_id);
    await sweepAfter(23);
    expect(await unfinishedOf(key)).toBe(1);
    await sweepAfter(25);
    expect(await unfinishedOf(key)).toBe(0);
    expect(await keysOf(UPLOADS_PREFIX)).toEqual([]);
    // Small, because the store may disconnect before it has read a large part.
    const late = await fetch(missing[1]!.url, { method: 'PUT', body: Buffer.alloc(1024) });
    expect(late.status).toBe(404);
  });

  it('in one request is found by its marker after its process ended', async () => {
    let give: (() => void) | undefined;
    const data = Readable.from(
      (async function* () {
        for (let i = 0; i < 40; i++) yield Buffer.alloc(MIB, i);
        await new Promise<void>((resolve) => (give = resolve));
      })(),
    );
    const stores = { objects, partUploads };
    const stored = storeUpload(stores, { name: 'cut.mp4', data, maxBytes: 100 * MIB });
    const failed = expect(stored).rejects.toThrow();
    const mark = async () => (await keysOf(UPLOADS_PREFIX)).find((key) => key.endsWith('.begun'));
    await expect.poll(mark).toBeDefined();
    const key = (await mark())!.replace('.begun', '');
    await expect.poll(() => partsOf(key), { timeout: 20_000 }).toBe(2);
    expect(await unfinishedOf(key)).toBe(1);
    await sweepAfter(23);
    expect(await unfinishedOf(key)).toBe(1);
    await sweepAfter(25);
    expect(await unfinishedOf(key)).toBe(0);
    expect(await keysOf(UPLOADS_PREFIX)).toEqual([]);
    give?.();
    await failed;
    expect(await unfinishedOf(key)).toBe(0);
  });

  it('whose parts were joined but that never became a video is removed', async () => {
    const { upload_id } = await beginUpload({ objects, partUploads }, { name: 'a.mp4', size: 5 });
    await objects.put(BUCKET, keys.upload(upload_id), 'whole');
    await sweepAfter(25);
    expect(await keysOf(UPLOADS_PREFIX)).toEqual([]);
    expect(await unfinishedOf(keys.upload(upload_id))).toBe(0);
  });
});

it('keeps objects that do not belong to an upload', async () => {
  await objects.put(BUCKET, keys.video('kept'), 'video');
  await sweepAfter(1000);
  expect(await keysOf('input/')).toEqual([keys.video('kept')]);
});
