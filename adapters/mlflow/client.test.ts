import type { IncomingMessage } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startListener } from '../../test/support/listener.js';
import { type RecordedMlflow, startRecordedMlflow } from '../../test/support/recorded-mlflow.js';
import { createMlflowClient, type MlflowSettings } from './client.js';
import { saveArtifact } from './save-artifact.js';

const PATH = '/anything';
let mlflow: RecordedMlflow;
beforeEach(async () => {
  mlflow = await startRecordedMlflow();
});
afterEach(() => mlflow.close());

async function call(settings: Partial<MlflowSettings> = {}): Promise<unknown> {
  const client = createMlflowClient({ uri: mlflow.uri, ...settings });
  try {
    return await client.call(PATH, {}, z.object({ name: z.string() }));
  } finally {
    await client.close();
  }
}

describe('createMlflowClient', () => {
  it.each([
    [{ username: 'anna', password: 'secret', token: 'token' }, 'Basic YW5uYTpzZWNyZXQ='],
    [{ token: 'token' }, 'Bearer token'],
    [{ username: 'anna' }, undefined],
  ])('sends the credentials of %o', async (settings, expected) => {
    let sent: string | undefined;
    mlflow.replace(PATH, ({ headers }: IncomingMessage, response) => {
      sent = headers.authorization;
      response.end('{"name": "fish"}');
    });
    expect(await call(settings)).toEqual({ name: 'fish' });
    expect(sent).toBe(expected);
  });

  it.each([
    [401, '', 'STACK_NOT_RUNNING', /rejected the credentials.*MLFLOW_TRACKING_USERNAME/],
    [403, 'Invalid Host header', 'STACK_NOT_RUNNING', /--allowed-hosts mlflow:5000,mlflow/],
    [403, 'Permission denied', 'STACK_NOT_RUNNING', /does not permit this account.*denied/],
    [502, '<html>', 'SERVER_UNAVAILABLE', /answered 502/],
    [500, '{"error_code":"INTERNAL_ERROR","message":"no"}', 'SERVER_UNAVAILABLE', /500: no/],
    [400, '{"error_code":"BAD","message":"no name"}', 'INVALID_INPUT', /400: no name/],
    [200, '<html>', 'STACK_NOT_RUNNING', /does not answer as MLflow's REST API does/],
    [200, '{"other":1}', 'STACK_NOT_RUNNING', /Correct MLFLOW_URI/],
  ])('explains the response %i %s', async (status, body, code, message) => {
    mlflow.replace(PATH, (_, response) => response.writeHead(status).end(body));
    const called = call();
    await expect(called).rejects.toMatchObject({ code });
    await expect(called).rejects.toThrow(message);
  });

  it('explains that MLflow rejects a host name, as it answers', async () => {
    const client = createMlflowClient({ uri: mlflow.uri });
    const called = client.text('/rejected-host');
    await expect(called).rejects.toThrow(/403 Invalid Host header.*--allowed-hosts/);
    await client.close();
  });

  it('follows no redirect', async () => {
    const elsewhere = await startListener();
    const location = `http://${elsewhere.address}/login?secret=1`;
    mlflow.replace(PATH, (_, response) => response.writeHead(302, { location }).end());
    const called = call({ token: 'token' });
    await expect(called).rejects.toThrow(`redirects to http://${elsewhere.address}, which is not`);
    expect(elsewhere.visits()).toBe(0);
    elsewhere.close();
  });

  it('reports a server that cannot be reached', async () => {
    const closed = await startListener();
    closed.close();
    const called = call({ uri: `http://${closed.address}` });
    await expect(called).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    await expect(called).rejects.toThrow(/cannot be reached \(ECONNREFUSED\).*MLFLOW_URI/);
  });

  it('limits the size of a text', async () => {
    mlflow.replace(PATH, (_, response) => response.end(Buffer.alloc(9 * 1024 ** 2)));
    await expect(call()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('names the variable of a file of authorities that cannot be read', async () => {
    await expect(call({ caFile: '/nowhere.pem' })).rejects.toThrow(/MLFLOW_CA_FILE cannot be read/);
  });
});

describe('saveArtifact', () => {
  const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
  let folder: string;
  let path: string;
  /** Called with the number of bytes that were received. */
  let onBytes: (done: number) => void;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-artifact-'));
    path = join(folder, 'model.onnx');
    onBytes = () => undefined;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function save(maxBytes = CONTENT.length) {
    const client = createMlflowClient({ uri: mlflow.uri });
    try {
      const options = { maxBytes, onBytes: (done: number) => onBytes(done) };
      return await saveArtifact((at) => client.open(PATH, {}, at), path, options);
    } finally {
      await client.close();
    }
  }

  /** Sends the content from the first byte of the range, and breaks off after `bytes`. */
  function breakOff(bytes: number, acceptsRanges = true): string[] {
    const ranges: string[] = [];
    mlflow.replace(PATH, ({ headers }, response) => {
      ranges.push(headers.range ?? '');
      const first = acceptsRanges ? Number(/\d+/.exec(headers.range ?? '0')![0]) : 0;
      const rest = CONTENT.subarray(first);
      response.writeHead(first > 0 ? 206 : 200, { 'content-length': rest.length });
      onBytes = (done) => done === first + bytes && response.destroy();
      response.write(rest.subarray(0, bytes));
      if (rest.length <= bytes) response.end();
    });
    return ranges;
  }

  it('continues a transfer that breaks off where it stopped', async () => {
    const ranges = breakOff(2000);
    expect(await save()).toBe(CONTENT.length);
    expect(await readFile(path)).toEqual(CONTENT);
    expect(ranges).toEqual(['', 'bytes=2000-', 'bytes=4000-']);
  });

  it('fails if three attempts bring no new byte', async () => {
    const ranges = breakOff(2000, false);
    await expect(save()).rejects.toThrow(/interrupted the download of a file after 2000 bytes/);
    expect(ranges).toHaveLength(4);
  });

  it('starts again if the file has changed', async () => {
    let requests = 0;
    mlflow.replace(PATH, ({ headers }, response) => {
      requests++;
      if (requests === 1) {
        response.writeHead(200, { 'content-length': 100 });
        onBytes = () => response.destroy();
        response.write('old');
      } else if (headers.range !== undefined) {
        response.writeHead(206, { 'content-length': 2 }).end('ed');
      } else {
        response.end(CONTENT);
      }
    });
    expect(await save()).toBe(CONTENT.length);
    expect(await readFile(path)).toEqual(CONTENT);
  });

  it.each([true, false])('rejects too many bytes; their number is stated: %s', async (isStated) => {
    mlflow.replace(PATH, (_, response) => {
      response.writeHead(200, isStated ? { 'content-length': CONTENT.length } : {}).end(CONTENT);
    });
    await expect(save(CONTENT.length - 1)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});
