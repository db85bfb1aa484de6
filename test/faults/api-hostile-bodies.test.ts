import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPartUploads } from '../../adapters/store/minio-part-uploads.js';
import { readConfig } from '../../config/index.js';
import { BUCKETS } from '../../domain/names.js';
import { dataPaths } from '../../stack/data-folder.js';
import { startApi, type TestApi } from '../support/api.js';
import { startStack, type TestStack } from '../support/stack.js';

const MIB = 1024 ** 2;
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'multipart/form-data';
const IDLE_S = 2;
const LONG_MS = 120_000;
const BOUNDARY = 'xxx';
const FILE_HEAD =
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="cut.mp4"\r\n` +
  'content-type: video/mp4\r\n\r\n';

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}
/** Route that takes a body, with its content types. */
type Route = readonly [method: string, path: string, types: readonly string[]];

let stack: TestStack;
let api: TestApi;
let routes: readonly Route[];
beforeAll(async () => {
  stack = await startStack();
  api = await startApi(stack, { VIDETTE_API_IDLE_S: String(IDLE_S) });
  routes = await routesWithBody();
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

async function routesWithBody(): Promise<Route[]> {
  const described = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(described.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]): Route[] => {
      const types = Object.keys(requestBody?.content ?? {});
      return types.length > 0 ? [[method, path.replaceAll(/{\w+}/g, 'some-id'), types]] : [];
    }),
  );
}

/** Request whose body is not written yet. */
function begin(
  [method, path]: Route,
  headers: Record<string, string | number>,
): { readonly sending: ClientRequest; readonly answer: Promise<string> } {
  const sending = request(`${api.url}${path}`, { method, headers, agent: false });
  const answer = new Promise<string>((resolve, reject) => {
    sending.once('response', (response) => {
      text(response).then((body) => resolve(`${response.statusCode} ${body}`), reject);
    });
    sending.once('error', reject);
  });
  answer.catch(() => undefined);
  return { sending, answer };
}

const typeOf = (type: string) => (type === FORM_TYPE ? `${FORM_TYPE}; boundary=${BOUNDARY}` : type);

/** Returns the responses by route to requests of these types, whose bodies `write` writes. */
async function answers(
  typesOf: (route: Route) => readonly string[],
  headers: Record<string, string | number>,
  write: (sending: ClientRequest, type: string) => void,
): Promise<readonly (readonly [string, number])[]> {
  const asked = routes.flatMap((route) =>
    typesOf(route).map(async (type) => {
      const sent = { 'content-type': typeOf(type), ...headers };
      const { sending, answer } = begin(route, sent);
      write(sending, type);
      const status = Number((await answer).slice(0, 3));
      sending.destroy();
      return [`${route[0]} ${route[1]} ${type}`, status] as const;
    }),
  );
  return Promise.all(asked);
}

const allOf = (found: readonly (readonly [string, number])[], status: number) =>
  found.map(([name]) => [name, status]);

describe('each route that takes a body', () => {
  it('rejects unsupported content types', async () => {
    expect(routes.length).toBeGreaterThan(8);
    for (const type of ['application/x-unknown', 'text/plain', 'application/xml']) {
      const found = await answers(
        () => [type],
        {},
        (sending) => sending.end('<a/>'),
      );
      expect(found).toEqual(allOf(found, 415));
    }
  });

  it('rejects JSON that is too large before it is sent', async () => {
    const large = { 'content-length': 33 * MIB };
    const json = ([, , types]: Route) => types.filter((type) => type === JSON_TYPE);
    const found = await answers(json, large, (sending) => sending.write('{'));
    expect(found.length).toBeGreaterThan(4);
    expect(found).toEqual(allOf(found, 413));
  });

  it(
    'rejects a body that stalls',
    async () => {
      const found = await answers(
        ([, , types]) => types,
        {},
        (sending, type) => sending.write(type === FORM_TYPE ? FILE_HEAD : '{"a":'),
      );
      expect(found.length).toBeGreaterThan(8);
      expect(found).toEqual(allOf(found, 408));
    },
    LONG_MS,
  );
});

describe('uploads that break off', () => {
  it(
    'leave nothing in the store or on the disk',
    async () => {
      const before = await inStore();
      for (const path of ['/api/v1/videos', '/api/v1/jobs', '/predict', '/detect']) {
        const uploads = Array.from({ length: 10 }, () => upload(path));
        await Promise.all(uploads);
      }
      await expect.poll(inStore, { timeout: 20_000 }).toEqual(before);
      await expect.poll(inScratch, { timeout: 20_000 }).toEqual([]);
    },
    LONG_MS,
  );
});

/** Sends more than one part of a file to the store and disconnects. */
async function upload(path: string): Promise<void> {
  const headers = { 'content-type': typeOf(FORM_TYPE) };
  const { sending, answer } = begin(['POST', path, []], headers);
  sending.write(FILE_HEAD);
  const bytes = path.startsWith('/api') ? 20 * MIB : MIB;
  // The first bytes of an image, so that the upload is accepted.
  await new Promise((resolve) => sending.write(Buffer.alloc(bytes, '\xff\xd8\xff'), resolve));
  await sleep(200);
  sending.destroy();
  await answer.catch(() => undefined);
}

/** Returns the keys of the bucket of videos, and the incomplete uploads of the store. */
async function inStore() {
  const keys: string[] = [];
  for await (const key of stack.objects.list(BUCKETS.videos, '')) keys.push(key);
  // The store keeps the parts of an upload in a folder, which exists after the first one.
  const folder = join(dataPaths(stack.folder).objects, BUCKETS.videos, '.sgwtmp', 'multipart');
  const entries = existsSync(folder)
    ? await readdir(folder, { recursive: true, withFileTypes: true })
    : [];
  const parts = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const { objectStore } = readConfig(stack.settings);
  const known: string[] = [];
  for await (const { key } of createPartUploads(objectStore).unfinished(BUCKETS.videos, ''))
    known.push(key);
  return { keys, known, parts };
}

/** Returns the files and folders of requests that the API stores. */
async function inScratch(): Promise<string[]> {
  const parent = join(stack.folder, 'scratch', 'api');
  const folders = (await readdir(parent)).filter((name) => !name.endsWith('.lock'));
  return (await Promise.all(folders.map((name) => readdir(join(parent, name))))).flat();
}
