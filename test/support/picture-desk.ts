import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { startApi, type TestApi } from './api.js';
import { publishMock } from './publish-network.js';
import { startStack, type TestStack } from './stack.js';
import { placeNetwork, recognised } from './test-networks.js';

/** Classes of the network that classifies. */
export const LABELS = ['цветок', 'дерево', '草'];

/** What the made network finds in the picture of 128 x 96. */
export const MOCK_OBJECTS = [
  { class: 'mock-large', box: [32, 24, 96, 72], conf: 0.875 },
  { class: 'mock-small', box: [80, 12, 112, 36], conf: 0.5 },
];

/** An answer of the API in JSON. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

/** An API whose detector is the made network `mock`, and whose classifier is `keras`. */
export interface PictureDesk {
  readonly stack: TestStack;
  readonly url: string;
  /** 128 x 96, white left of its middle and black right of it. */
  readonly png: Buffer;
  /** Address on another server, of the picture under `/picture.txt`, and of none under all others. */
  readonly addressOf: (path: string) => string;
  readonly ask: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Sends a form, or JSON. */
  readonly post: (path: string, body: FormData | object) => Promise<Answer>;
}

/** Opens a desk before the tests of the file that calls it, and closes it after them. */
export function openPictureDesk(): PictureDesk {
  let stack: TestStack;
  let api: TestApi;
  let png: Buffer;
  let elsewhere: Server;
  beforeAll(async () => {
    stack = await startStack({ VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true' });
    await publish(stack);
    png = await drawPicture();
    elsewhere = serve(png);
    api = await startApi(stack, { VIDETTE_MODEL: 'mock', VIDETTE_CLASSIFIER: 'keras' });
  });
  afterAll(async () => {
    elsewhere?.close();
    await api?.stop();
    await stack?.close();
  });
  const ask = (path: string, init?: RequestInit) => answerOf(`${api.url}${path}`, init);
  return {
    get stack() {
      return stack;
    },
    get url() {
      return api.url;
    },
    get png() {
      return png;
    },
    ask,
    addressOf: (path) => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${path}`,
    post: (path, body) => ask(path, { method: 'POST', ...sent(body) }),
  };
}

/** Another server, which has a picture and what is none. */
function serve(png: Buffer): Server {
  return createServer(({ url }, response) => {
    if (url === '/picture.txt') response.end(png);
    else if (url === '/page.png') response.end('<html>no picture</html>');
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
}

function drawPicture(): Promise<Buffer> {
  const white = { create: { width: 64, height: 96, channels: 3, background: 'white' } } as const;
  return sharp({ create: { width: 128, height: 96, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

/** The made network, and small ones of the fixture: one that classifies, one that segments. */
async function publish(stack: TestStack): Promise<void> {
  await publishMock(stack);
  const registry = createModelRegistry(stack.objects);
  const folder = join(stack.folder, 'networks');
  await mkdir(folder);
  for (const [name, labels] of [['keras', LABELS], ['masks']] as const) {
    const path = await placeNetwork(folder, name);
    const file = await readFile(path);
    const found = await recognised(path, labels ? { labels } : {});
    const sha256 = createHash('sha256').update(file).digest('hex');
    const facts = { name, sha256, size_bytes: file.length, licence: 'none', source: 'test' };
    await registry.publish(path, { ...facts, ...found });
  }
}

async function answerOf(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const type = response.headers.get('content-type') ?? '';
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type, body };
}

function sent(body: FormData | object): RequestInit {
  if (body instanceof FormData) return { body };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** A form of files whose names lie: content counts. */
export function formOf(fields: Record<string, string>, ...files: (Buffer | string)[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const file of files) {
    const content = typeof file === 'string' ? file : new Uint8Array(file);
    form.append('file', new Blob([content]), 'notes.txt');
  }
  return form;
}

/** What a problem of this kind looks like. */
export const problem = (status: number, kind: string) => ({
  status,
  type: 'application/problem+json',
  body: { type: `/problems/${kind}`, status },
});

export const detailOf = ({ body }: Answer) => body.detail as string;
