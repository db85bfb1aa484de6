import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { startApi, type TestApi } from './api.js';
import { connectSharedStack, type SharedConnection } from './shared-stack.js';

/** Objects that the model `mock` detects in the image of 128 x 96. */
export const MOCK_OBJECTS = [
  { class: 'mock-large', box: [32, 24, 96, 72], conf: 0.875 },
  { class: 'mock-small', box: [80, 12, 112, 36], conf: 0.5 },
];

/** A response of the API in JSON. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

/** An API on the shared stack whose detector is `mock` and whose classifier is `keras`. */
export interface ImageApi {
  readonly stack: SharedConnection;
  readonly url: string;
  /** An image of 128 x 96: the left half is white, the right half black. */
  readonly png: Buffer;
  /** URL on another server, which serves the image under `/image.txt` only. */
  readonly urlOf: (path: string) => string;
  readonly ask: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Sends a form, or JSON. */
  readonly post: (path: string, body: FormData | object) => Promise<Answer>;
}

/** Starts the API before the tests of the calling file and stops it after them. */
export function startImageApi(): ImageApi {
  let stack: SharedConnection;
  let api: TestApi;
  let png: Buffer;
  let elsewhere: Server;
  beforeAll(async () => {
    stack = await connectSharedStack();
    png = await drawImage();
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
    urlOf: (path) => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${path}`,
    post: (path, body) => ask(path, { method: 'POST', ...sent(body) }),
  };
}

/** Starts another server, which serves an image and an HTML page. */
function serve(png: Buffer): Server {
  return createServer(({ url }, response) => {
    if (url === '/image.txt') response.end(png);
    else if (url === '/page.png') response.end('<html>not an image</html>');
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
}

export function drawImage(): Promise<Buffer> {
  const white = { create: { width: 64, height: 96, channels: 3, background: 'white' } } as const;
  return sharp({ create: { width: 128, height: 96, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
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

/** Returns a form of files with misleading names: the content decides. */
export function formOf(fields: Record<string, string>, ...files: (Buffer | string)[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const file of files) {
    const content = typeof file === 'string' ? file : new Uint8Array(file);
    form.append('file', new Blob([content]), 'notes.txt');
  }
  return form;
}

/** Matches a problem of this kind. */
export const problem = (status: number, kind: string) => ({
  status,
  type: 'application/problem+json',
  body: { type: `/problems/${kind}`, status },
});

export const detailOf = ({ body }: Answer) => body.detail as string;
