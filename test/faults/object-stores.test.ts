import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createPartUploads } from '../../adapters/store/minio-part-uploads.js';
import { copyObject } from '../../adapters/store/s3-copy.js';
import { requestSettings } from '../../adapters/store/s3-settings.js';
import { readConfig } from '../../config/index.js';
import type { PartUpload } from '../../domain/ports/part-uploads.js';
import { dataPaths } from '../../stack/data-folder.js';
import { startServers, type StartedServers } from '../../stack/index.js';
import { objectStoreContract } from '../contracts/object-store.js';

const MIB = 1024 ** 2;
const BUCKET = 'a-bucket';
/** Parts of an upload that is killed. */
const COUNT = 5;
/** Number of attempts to kill the server within the milliseconds that joining takes. */
const TRIALS = 30;
const PART = Buffer.alloc(16 * MIB, 'part');

/** Starts servers for the tests of a `describe`, with these files in their data folder. */
function useServers(folderIn: (paths: ReturnType<typeof dataPaths>) => string) {
  let dataDir: string;
  let servers: StartedServers;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vidette-objects-'));
    await mkdir(folderIn(dataPaths(dataDir)), { recursive: true });
    const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
    servers = await startServers({ config, onStep: () => undefined });
  });
  afterAll(async () => {
    await servers?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const settings = () => readConfig(servers.settings).objectStore;
  return {
    servers: () => servers,
    objectsFolder: () => dataPaths(dataDir).objects,
    client: () => new Client(requestSettings(settings()).options),
    objects: () => createObjectStore(settings()),
    partUploads: () => createPartUploads(settings()),
  };
}

/** Copies an object in parts of 5 MiB, the smallest that a store accepts. */
function itCopiesInParts({ client, objects }: ReturnType<typeof useServers>): void {
  it('copies an object that is too large for one request in parts', async () => {
    const data = randomBytes(12 * MIB);
    await objects().ensureBucket(BUCKET);
    await objects().put(BUCKET, 'whole', data);
    const options = { contentType: 'video/mp4', metadata: { 'original-name': 'Copy' } };
    const limits = { objectBytes: 5 * MIB, partBytes: 5 * MIB };
    await copyObject(client(), { bucket: BUCKET, from: 'whole', to: 'copy', options }, limits);
    expect(data.equals(await objects().get(BUCKET, 'copy'))).toBe(true);
    const { metadata } = (await objects().stat(BUCKET, 'copy'))!;
    expect(metadata).toMatchObject({ 'content-type': 'video/mp4', 'original-name': 'Copy' });
  });
}

describe('a data folder that MinIO created', () => {
  const stores = useServers(({ objects }) => join(objects, '.minio.sys'));
  const { objects, objectsFolder } = stores;
  objectStoreContract('MinIO', objects);
  itCopiesInParts(stores);

  it('is used by MinIO', async () => {
    expect(await readdir(join(objectsFolder(), '.minio.sys'))).toContain('format.json');
  });
});

describe.each([
  ['in extended attributes', ({ objects }) => objects],
  ['in a folder', ({ objectMetadata }) => objectMetadata],
] satisfies [string, Parameters<typeof useServers>[0]][])(
  'versitygw with metadata %s',
  (_where, folderIn) => {
    const stores = useServers(folderIn);
    const { servers, objects, objectsFolder, partUploads } = stores;
    objectStoreContract('versitygw', objects);
    itCopiesInParts(stores);

    /** Uploads parts of an object without joining them. */
    async function uploadParts(key: string, count: number): Promise<PartUpload> {
      await objects().ensureBucket(BUCKET);
      const id = await partUploads().begin(BUCKET, key);
      for (let part = 1; part <= count; part++) await putPart({ bucket: BUCKET, key, id }, part);
      return { bucket: BUCKET, key, id };
    }

    async function putPart(upload: PartUpload, part: number): Promise<void> {
      const url = await partUploads().partUrl(upload, part, 600);
      expect((await fetch(url, { method: 'PUT', body: PART })).status).toBe(200);
    }

    async function complete(upload: PartUpload, count: number): Promise<void> {
      const parts = (await partUploads().parts(upload)) ?? [];
      expect(parts).toHaveLength(count);
      await partUploads().complete(upload, parts);
    }

    /** Returns the folders of uploads, relative to the one of all uploads. */
    const uploads = () =>
      readdir(join(objectsFolder(), BUCKET, '.sgwtmp/multipart'), { recursive: true });

    it('completes an upload whose completion was interrupted', async () => {
      const upload = await uploadParts('interrupted', 2);
      await servers().halt('object_store');
      await interrupt(upload.id);
      await servers().resume('object_store');
      await complete(upload, 2);
      const { size } = (await objects().stat(BUCKET, 'interrupted'))!;
      expect(size).toBe(2 * PART.length);
      expect(await objects().getRange(BUCKET, 'interrupted', PART.length, 4)).toEqual(
        PART.subarray(0, 4),
      );
    });

    /** Leaves an upload as versitygw does if it is killed while it joins the parts. */
    async function interrupt(id: string): Promise<void> {
      const { root } = dataPaths(join(objectsFolder(), '..'));
      for (const folder of [objectsFolder(), join(root, 'object-metadata')]) {
        const parent = join(folder, BUCKET, '.sgwtmp/multipart');
        const found = await readdir(parent, { recursive: true }).catch(() => []);
        const path = found.find((name) => name.endsWith(`/${id}`));
        if (path === undefined) continue;
        await rename(join(parent, path), join(parent, `${path}.d41d8cd9-2.inprogress`));
      }
    }

    /** Kills the server while it joins the parts of an upload; undefined if it was faster. */
    async function killWhileJoining(key: string): Promise<PartUpload | undefined> {
      const upload = await uploadParts(key, COUNT);
      const parts = (await partUploads().parts(upload)) ?? [];
      let isJoined = false;
      const first = partUploads()
        .complete(upload, parts)
        .then(() => (isJoined = true))
        .catch(() => undefined);
      while (!(await uploads()).some((name) => name.endsWith('.inprogress'))) {
        if (isJoined) return undefined;
        await setImmediate();
      }
      process.kill(servers().pids().object_store!, 'SIGKILL');
      await first;
      return upload;
    }

    it('loses nothing if it is killed while it joins the parts', async () => {
      let upload: PartUpload | undefined;
      for (let trial = 1; !upload && trial <= TRIALS; trial++) {
        upload = await killWhileJoining(`killed-${trial}`);
      }
      if (!upload) throw new Error(`Joined the parts too fast in ${TRIALS} trials`);
      await expect
        .poll(() =>
          objects()
            .ping()
            .then(
              () => true,
              () => false,
            ),
        )
        .toBe(true);
      const known = (await partUploads().parts(upload)) ?? [];
      const isWhole = (await objects().stat(BUCKET, upload.key)) !== undefined;
      // versitygw removes each part that it has joined; those are sent again, as by the page.
      for (let part = 1; !isWhole && part <= COUNT; part++) {
        if (!known.some((each) => each.part === part)) await putPart(upload, part);
      }
      if (!isWhole) await complete(upload, COUNT);
      expect((await objects().stat(BUCKET, upload.key))?.size).toBe(COUNT * PART.length);
    });
  },
);
