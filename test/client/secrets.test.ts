import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { readConfig } from '../../config/index.js';
import { DATABASE, EVENTS, PREDICTIONS } from '../../domain/collections.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { type Settings, stackSettings } from '../../stack/index.js';
import { makeClip } from '../support/clips.js';
import { type CommandLine, createCommandLine } from '../support/command-line.js';
import { isLoopback, listeningSockets } from '../support/listening.js';
import { processesOf } from '../support/processes.js';

/** Nothing of these may be found anywhere. */
const TOKEN = 'planted-token-51c9';
const PASSWORD = 'planted-password-8be2';
const PRIVATE_MODE = 0o077;

const CLIP = {
  ...{ name: 'secrets', extension: 'mp4', frames: 20 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast'],
};

let vidette: CommandLine;
let web: Server;
let origin: string;
let settings: Settings;
let webhookSecret: string;
/** All that commands have printed. */
const printed: string[] = [];

beforeAll(async () => {
  vidette = await createCommandLine(inject('modelsDir'), {
    VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true',
  });
  const clip = join(vidette.folder, 'clip.mp4');
  await makeClip(CLIP, clip);
  const bytes = await readFile(clip);
  web = createServer(({ url = '' }, response) => {
    if (url.startsWith('/clip.mp4')) response.end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`; // a TCP server has a port
  await run('up');
  webhookSecret = (await readFile(join(vidette.dataDir, 'webhook-secret'), 'utf8')).trim();
  settings = (await stackSettings({ ...readConfig(), dataDir: vidette.dataDir }))!;
});
afterAll(async () => {
  web?.close();
  await vidette?.close();
});

async function run(...args: string[]) {
  const ended = await vidette.run(...args);
  printed.push(ended.stdout, ended.stderr);
  return ended;
}

function secrets(): readonly string[] {
  const { MINIO_SECRET_KEY, VIDETTE_CAMERA_KEY } = settings;
  expect(MINIO_SECRET_KEY).toHaveLength(32);
  expect(VIDETTE_CAMERA_KEY).toHaveLength(44);
  expect(webhookSecret).toMatch(/^whsec_/);
  return [TOKEN, PASSWORD, MINIO_SECRET_KEY!, VIDETTE_CAMERA_KEY!, webhookSecret];
}

function expectNoSecret(text: string, where: string): void {
  for (const secret of secrets())
    expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
}

/** Returns the processes of the stack that are not part of this test. */
async function stackProcesses() {
  const all = await processesOf(vidette.dataDir);
  return all.filter(({ pid }) => pid !== process.pid);
}

test('servers and workers listen on loopback only', async () => {
  const sockets = await listeningSockets((await stackProcesses()).map(({ pid }) => pid));
  // At least the three servers, two web pages, and the health of two workers.
  expect(sockets.length).toBeGreaterThanOrEqual(7);
  expect(sockets.filter((socket) => !isLoopback(socket))).toEqual([]);
});

test('what is kept is closed to other users', async () => {
  expect((await stat(vidette.dataDir)).mode & PRIVATE_MODE).toBe(0);
  const credentials = join(vidette.dataDir, 'credentials.json');
  for (const path of [credentials, join(vidette.dataDir, 'webhook-secret')]) {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
  expect(await readFile(credentials, 'utf8')).toContain(settings.MINIO_SECRET_KEY);
});

test('addresses with secrets are refused or fetched, and never repeated', async () => {
  const fetched = await run('detect', `${origin}/clip.mp4?token=${TOKEN}`, '--event-id', 'fetched');
  expect(fetched).toMatchObject({ exitCode: 0 });
  for (const [url, reason] of [
    [`http://user:${PASSWORD}@127.0.0.1/clip.mp4`, 'user name or password'],
    [`${origin}/missing.mp4?token=${TOKEN}`, 'answered 404'],
    [`ftp://user:${PASSWORD}@127.0.0.1/a.mp4`, 'ftp'],
  ] as const) {
    const refused = await run('detect', url);
    expect(refused.exitCode).toBeGreaterThan(0);
    expect(refused.stderr).toContain(reason);
  }
  for (const args of [['jobs'], ['job', 'fetched'], ['status'], ['doctor']]) {
    await run(...args);
    await run(...args, '--json');
  }
  expectNoSecret(printed.join('\n'), 'what commands print');
});

test('no process shows a secret in its arguments', async () => {
  const processes = await stackProcesses();
  expect(processes.length).toBeGreaterThanOrEqual(5);
  for (const { command } of processes) expectNoSecret(command, command);
});

test('logs and state files hold none', async () => {
  for (const folder of ['logs', 'run']) {
    const entries = await readdir(join(vidette.dataDir, folder), { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { name } of files) {
      expectNoSecret(await readFile(join(vidette.dataDir, folder, name), 'utf8'), name);
    }
  }
});

test('Temporal, documents and objects hold none', async () => {
  const { temporal, documentStore, objectStore } = readConfig(settings);
  const { client, connection } = await connectClient(temporal);
  const history = await client.workflow.getHandle(workflowIdOf('fetched')).fetchHistory();
  await connection.close();
  const bytes = (_: string, value: unknown): unknown =>
    isBytes(value) ? Buffer.from(value.data).toString('utf8') : value;
  const text = JSON.stringify(history, bytes);
  expect(text).toContain('fetched');
  expectNoSecret(text, 'history');

  const mongo = new MongoClient(documentStore.uri);
  for (const collection of [EVENTS, PREDICTIONS]) {
    const found = await mongo.db(DATABASE).collection(collection).find().toArray();
    expect(found.length).toBeGreaterThan(0);
    expectNoSecret(JSON.stringify(found), collection);
  }
  await mongo.close();

  const objects = createObjectStore(objectStore);
  const result = (await objects.get(BUCKETS.results, keys.result('fetched'))).toString('utf8');
  expectNoSecret(result, 'result');
  for await (const key of objects.list(BUCKETS.videos, '')) {
    expectNoSecret(JSON.stringify([key, await objects.stat(BUCKETS.videos, key)]), key);
  }
});

/** What `Buffer.toJSON` makes. */
function isBytes(value: unknown): value is { readonly data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}
