import type { Container } from './containers.js';

/** A request to the API in a container without a network. */
export interface InnerRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the image of a form with these fields. */
  readonly json?: object;
  readonly image?: Buffer;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface InnerResponse {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  json<T = Record<string, unknown>>(): T;
}

/** Runs in the container: sends the request of its standard input. */
const SCRIPT = `
import { text } from 'node:stream/consumers';
const { path, method, headers = {}, json, image, fields = {} } = JSON.parse(await text(process.stdin));
let body;
if (json) { body = JSON.stringify(json); headers['content-type'] = 'application/json'; }
if (image) {
  body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob([Buffer.from(image, 'base64')]), 'image.jpg');
}
const url = 'http://127.0.0.1:8080' + path;
const response = await fetch(url, { method: method ?? (body ? 'POST' : 'GET'), headers, body });
const content = Buffer.from(await response.arrayBuffer()).toString('base64');
console.log(JSON.stringify({
  status: response.status, type: response.headers.get('content-type') ?? '', content,
}));
`;

/** Sends a request from within a container, by its own Node. */
export async function askInside(
  container: Container,
  request: InnerRequest,
): Promise<InnerResponse> {
  const input = JSON.stringify({ ...request, image: request.image?.toString('base64') });
  const output = await container.exec(['node', '--input-type=module', '-e', SCRIPT], input);
  const { status, type, content } = JSON.parse(output) as Record<'type' | 'content', string> & {
    status: number;
  };
  const body = Buffer.from(content, 'base64');
  return { status, type, body, json: <T>() => JSON.parse(body.toString('utf8')) as T };
}

/** Waits until the API in a container is ready. */
export async function untilReady(container: Container): Promise<void> {
  while ((await container.exitCodeOf(['node', 'healthcheck.mjs'])) !== 0) {
    if (await container.isRunning()) continue;
    throw new Error(`The container ended: ${(await container.output()).stderr}`);
  }
}
