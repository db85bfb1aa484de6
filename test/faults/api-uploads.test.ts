import { createHash, randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import { startApi, type TestApi } from '../support/api.js';
import { startStack, type TestStack } from '../support/stack.js';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** Maximum growth of the API's memory during an upload of any size, in bytes. */
const MEMORY_BYTES = 384 * MIB;
const LONG_MS = 240_000;

interface Upload {
  readonly upload_id: string;
  readonly part_size: number;
  readonly parts: number;
  readonly arrived: readonly number[];
  readonly missing: readonly { readonly part: number; readonly url: string }[];
  readonly video_id: string | null;
}

let stack: TestStack;
let api: TestApi;
beforeAll(async () => {
  stack = await startStack();
  api = await startApi(stack, { VIDETTE_MAX_UPLOAD_GB: '3' });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const at = (address: string, init?: RequestInit) =>
  fetch(`${api.url}/api/v1/videos${address}`, init);
const json = async <T>(response: Response | Promise<Response>) =>
  (await (await response).json()) as T;
const begin = (body: object) =>
  at('/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function keysOf(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of stack.objects.list(BUCKETS.videos, prefix)) found.push(key);
  return found;
}

/** Returns the peak resident memory of a process in bytes. */
async function peakMemoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)![1]) * 1024;
}

describe('a file in one request', () => {
  it(
    'of 2 GiB is stored unchanged in bounded memory',
    async () => {
      const path = join(stack.folder, 'large.mp4');
      const file = await open(path, 'w');
      await file.truncate(2 * GIB);
      await file.write('middle', GIB);
      await file.close();
      const before = await peakMemoryOf(api.pid);
      const form = new FormData();
      form.append('file', await openAsBlob(path), 'large.mp4');
      const start = performance.now();
      const video = await json<{ video_id: string; size: number }>(
        at('', { method: 'POST', body: form }),
      );
      const seconds = (performance.now() - start) / 1000;
      const after = await peakMemoryOf(api.pid);
      console.log(
        `2 GiB in ${seconds.toFixed(1)} s; peak memory of the API ${Math.round(before / MIB)} MiB ` +
          `before, ${Math.round(after / MIB)} MiB after`,
      );
      expect(video.size).toBe(2 * GIB);
      expect(after - before).toBeLessThan(MEMORY_BYTES);
      const stored = await stack.objects.stat(BUCKETS.videos, keys.video(video.video_id));
      expect(stored?.size).toBe(2 * GIB);
      const middle = await stack.objects.getRange(
        ...([BUCKETS.videos, keys.video(video.video_id), GIB - 1, 8] as const),
      );
      expect(middle.toString()).toBe('\0middle\0');
      expect(await keysOf('uploads/')).toEqual([]);
    },
    LONG_MS,
  );

  it('that is too large or empty is rejected and leaves nothing', async () => {
    const videos = await keysOf('input/');
    const path = join(stack.folder, 'too-large.mp4');
    const file = await open(path, 'w');
    await file.truncate(3 * GIB + 2 * MIB);
    await file.close();
    const large = new FormData();
    large.append('file', await openAsBlob(path), 'too-large.mp4');
    // The response arrives before the file is sent: the client sees it or a closed connection.
    const status = await at('', { method: 'POST', body: large }).then(
      (r) => r.status,
      () => 413,
    );
    expect(status).toBe(413);
    const empty = new FormData();
    empty.append('file', new Blob([]), 'empty.mp4');
    const response = await at('', { method: 'POST', body: empty });
    expect([response.status, await json(response)]).toMatchObject([
      422,
      { type: '/problems/bad-video' },
    ]);
    expect(await keysOf('input/')).toEqual(videos);
    expect(await keysOf('uploads/')).toEqual([]);
  });

  it.each<[string, (sending: ClientRequest, secondApi: TestApi) => void]>([
    ['its sender goes away', (sending) => sending.destroy()],
    ['the API is killed', (_, secondApi) => process.kill(secondApi.pid, 'SIGKILL')],
  ])(
    'that breaks off is not stored as a video: %s',
    async (_, breakOff) => {
      const secondApi = await startApi(stack);
      try {
        const [videos, uploads] = [await keysOf('input/'), await keysOf('uploads/')];
        const sending = send(`${secondApi.url}/api/v1/videos`);
        // More than one upload part, so that the store has received some of it.
        for (let i = 0; i < 40; i++) {
          sending.write(Buffer.alloc(MIB, i));
          await sleep(10);
        }
        await sleep(1000);
        breakOff(sending, secondApi);
        await sleep(2000);
        sending.destroy();
        expect(await keysOf('input/')).toEqual(videos);
        // A killed process leaves a marker, by which the received data is swept a day later.
        const left = (await keysOf('uploads/')).filter((key) => !key.endsWith('.begun'));
        expect(left).toEqual(uploads.filter((key) => !key.endsWith('.begun')));
      } finally {
        await secondApi.stop();
      }
    },
    LONG_MS,
  );
});

/** Multipart request whose file is not written yet. */
function send(url: string): ClientRequest {
  const boundary = 'xxx';
  const sending = request(url, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  sending.on('error', () => undefined); // the test breaks it off
  sending.write(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="cut.mp4"\r\n` +
      'content-type: video/mp4\r\n\r\n',
  );
  return sending;
}

describe('a file in parts', () => {
  const data = randomBytes(40 * MIB);
  const put = (upload: Upload, { part, url }: Upload['missing'][number]) => {
    const from = (part - 1) * upload.part_size;
    return fetch(url, { method: 'PUT', body: data.subarray(from, from + upload.part_size) });
  };

  it('continues where it stopped, and is completed once', async () => {
    const response = await begin({ name: 'Parts.mp4', size: data.length });
    expect(response.status).toBe(201);
    const upload = await json<Upload>(response);
    const address = `/uploads/${upload.upload_id}`;
    expect(response.headers.get('location')).toBe(`/api/v1/videos${address}`);
    expect(upload).toMatchObject({ parts: 3, arrived: [], video_id: null });
    expect((await put(upload, upload.missing[1]!)).status).toBe(200);
    const early = await at(`${address}/complete`, { method: 'POST' });
    expect(early.status).toBe(409);
    const later = await json<Upload>(at(address));
    expect(later.arrived).toEqual([2]);
    expect(later.missing.map(({ part }) => part)).toEqual([1, 3]);
    for (const part of later.missing) await put(later, part);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const video = {
      video_id: `parts-${sha256.slice(0, 12)}`,
      name: 'Parts.mp4',
      size: data.length,
    };
    for (const _ of ['once', 'again']) {
      expect(await json(at(`${address}/complete`, { method: 'POST' }))).toEqual(video);
    }
    const stored = await stack.objects.get(BUCKETS.videos, keys.video(video.video_id));
    expect(stored.equals(data)).toBe(true);
    expect(await json(at(address))).toMatchObject({ missing: [], video_id: video.video_id });
    const kept = (await keysOf('uploads/')).filter((key) => !key.endsWith('.begun'));
    expect(kept).toEqual([keys.uploadInfo(upload.upload_id)]);
  });

  it('that is aborted is removed with its parts', async () => {
    const upload = await json<Upload>(begin({ name: 'gone.mp4', size: data.length }));
    await put(upload, upload.missing[0]!);
    const address = `/uploads/${upload.upload_id}`;
    expect((await at(address, { method: 'DELETE' })).status).toBe(204);
    expect((await at(address)).status).toBe(404);
    // Small, because the store may disconnect before it has read a large part.
    const late = await fetch(upload.missing[1]!.url, { method: 'PUT', body: Buffer.alloc(1024) });
    expect(late.status).toBe(404);
  });

  it('that is too large is rejected at once', async () => {
    const response = await begin({ name: 'a.mp4', size: 3 * GIB + 1 });
    expect([response.status, await json(response)]).toMatchObject([
      413,
      { type: '/problems/limit-exceeded' },
    ]);
  });
});
