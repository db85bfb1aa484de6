import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Commits, watchCommits } from './commits.js';

let server: Server;
let url: string;
let responses: ServerResponse[];
let tokens: (string | undefined)[];
let commits: Commits | undefined;

beforeEach(async () => {
  [responses, tokens] = [[], []];
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(200).flushHeaders();
    responses.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/commits`; // it listens to TCP
});
afterEach(() => {
  commits?.close();
  server.closeAllConnections();
  server.close();
});

const watch = (findUrl: () => Promise<string | undefined>, signal?: AbortSignal) =>
  watchCommits({ findUrl, token: 'secret', signal });

it('resolves at each commit, also at one before the call', async () => {
  commits = watch(() => Promise.resolve(url));
  await expect.poll(() => responses.length).toBe(1);
  responses[0]!.write('{"frame_number":1}\n');
  await commits.next();
  const second = commits.next();
  responses[0]!.write('{"frame_number":2}\n');
  await second;
  expect(tokens).toEqual(['Bearer secret']);
});

it('connects again after the worker closed the response', async () => {
  commits = watch(() => Promise.resolve(url));
  await expect.poll(() => responses.length).toBe(1);
  responses[0]!.end();
  await commits.next();
  await expect.poll(() => responses.length, { timeout: 10_000 }).toBe(2);
});

it('resolves within about a second without a worker', async () => {
  commits = watch(() => Promise.resolve(undefined));
  await commits.next();
  await commits.next();
  expect(tokens).toEqual([]);
});

it('closes the response', async () => {
  commits = watch(() => Promise.resolve(url));
  await expect.poll(() => responses.length).toBe(1);
  const closed = once(responses[0]!, 'close');
  commits.close();
  await closed;
});

it('rejects when its signal aborts', async () => {
  const stop = new AbortController();
  commits = watch(() => Promise.resolve(url), stop.signal);
  await expect.poll(() => responses.length).toBe(1);
  const next = commits.next();
  stop.abort(new Error('stopped'));
  await expect(next).rejects.toThrow('stopped');
});
