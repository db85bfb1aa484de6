import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../config/index.js';
import { findTool } from '../../stack/tools/find-tool.js';
import { findTools } from '../../stack/tools/index.js';
import { temporalTool } from '../../stack/tools/temporal.js';
import { createToolContext } from '../../stack/tools/tool-context.js';
import { documentStoreTool } from '../../stack/tools/document-store.js';
import { objectStoreTool } from '../../stack/tools/object-store.js';
import { versitygwSources } from '../../stack/tools/versitygw.js';

const FAKE = '#!/bin/sh\necho "temporal version 1.10.0 (Server 1.32.2)"\n';
const FAKE_VERSITYGW = '#!/bin/sh\necho "Version  : 1.8.0"\n';
const FAKE_MINIO = '#!/bin/sh\necho "minio version DEVELOPMENT.GOGET"\n';

let folder: string;
let mirror: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-tools-'));
});

afterEach(async () => {
  await new Promise((resolve) => (mirror ? mirror.close(resolve) : resolve(undefined)));
  mirror = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Serves the release with the given or the correct checksum; resolves with its URL. */
async function serveRelease(checksum?: string): Promise<string> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `temporal_cli_1.10.0_${process.platform}_${arch}.tar.gz`;
  return serveArchive({ version: '1.10.0', name, member: 'temporal', text: FAKE }, checksum);
}

interface FakeArchive {
  readonly version: string;
  readonly name: string;
  /** Path of the executable in the archive. */
  readonly member: string;
  readonly text: string;
}

async function serveArchive(
  { version, name, member, text }: FakeArchive,
  checksum?: string,
): Promise<string> {
  const archive = await packArchive(member, text);
  const sha256 = checksum ?? sha256Of(archive);
  mirror = createServer((request, response) => {
    if (request.url === `/v${version}/checksums.txt`) response.end(`${sha256}  ${name}\n`);
    else if (request.url === `/v${version}/${name}`) response.end(archive);
    else response.writeHead(404).end();
  });
  return listen(mirror);
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Returns a `tar.gz` with one file. */
async function packArchive(member: string, text: string): Promise<Buffer> {
  await mkdir(dirname(join(folder, member)), { recursive: true });
  await writeFile(join(folder, member), text);
  await create({ gzip: true, cwd: folder, file: join(folder, 'a.tar.gz') }, [member]);
  return readFile(join(folder, 'a.tar.gz'));
}

/** Serves an archive of versitygw whose executable has this name; returns its tool. */
async function serveVersitygw(executable: string) {
  const arch = process.arch === 'x64' ? 'x86_64' : process.arch;
  const system = process.platform === 'linux' ? 'Linux' : 'Darwin';
  const release = `versitygw_v1.8.0_${system}_${arch}`;
  const member = `${release}/${executable}`;
  const name = `${release}.tar.gz`;
  const url = await serveArchive({ version: '1.8.0', name, member, text: FAKE_VERSITYGW });
  const served = sha256Of(await readFile(join(folder, 'a.tar.gz')));
  const context = contextOf({ VIDETTE_VERSITYGW_RELEASES: url });
  const sums = { [`${process.platform}-${process.arch}`]: served };
  return { tool: { ...objectStoreTool(context), ...versitygwSources(context, sums) }, context };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  return `http://127.0.0.1:${port}`;
}

async function refusingUrl(): Promise<string> {
  const server = createServer();
  const address = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

const binDir = () => join(folder, 'cache/bin');

function contextOf(variables: Record<string, string>) {
  const steps: string[] = [];
  const onStep = (message: string) => void steps.push(message);
  const config = readConfig({ VIDETTE_CACHE_DIR: join(folder, 'cache'), ...variables });
  return { ...createToolContext({ config, onStep }), steps };
}

describe('the download of a release', () => {
  test('installs an executable with a correct checksum and finds it again without a request', async () => {
    const context = contextOf({ VIDETTE_TEMPORAL_RELEASES: await serveRelease() });
    const { path } = await findTool(temporalTool(context), context);
    expect(await readFile(path, 'utf8')).toBe(FAKE);
    expect(context.steps.join('\n')).toContain('about a minute');

    const again = contextOf({ VIDETTE_TEMPORAL_RELEASES: await refusingUrl() });
    expect(await findTool(temporalTool(again), again)).toEqual({ path, kind: 'temporal' });
    expect(again.steps).toEqual([]);
  });

  test('installs nothing from an archive with a wrong checksum', async () => {
    const context = contextOf({ VIDETTE_TEMPORAL_RELEASES: await serveRelease('0'.repeat(64)) });
    const found = findTool(temporalTool(context), context);
    await expect(found).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringContaining('was rejected') as string,
    });
    expect(await readdir(binDir())).toEqual([]);
  });

  test('fails within seconds on a refused connection and names each source and the manual steps', async () => {
    const context = contextOf({ VIDETTE_TEMPORAL_RELEASES: await refusingUrl() });
    const start = performance.now();
    const error: unknown = await findTool(temporalTool(context), context).catch((e: unknown) => e);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(error).toMatchObject({ code: 'SETUP_FAILED' });
    const { message } = error as Error; // matched above
    for (const part of [
      'temporal on PATH: not found',
      'cache folder',
      'ECONNREFUSED',
      'no Go toolchain',
      'Install it manually: ',
      'VIDETTE_TEMPORAL',
    ]) {
      expect(message).toContain(part);
    }
  });

  test('installs versitygw from the folder in its archive', async () => {
    const { tool, context } = await serveVersitygw('versitygw');
    const { path, kind } = await findTool(tool, context);
    expect({ kind, text: await readFile(path, 'utf8') }).toEqual({
      kind: 'versitygw',
      text: FAKE_VERSITYGW,
    });
  });

  test('reports an archive without the executable and installs nothing', async () => {
    const { tool, context } = await serveVersitygw('other');
    const found = findTool(tool, context);
    await expect(found).rejects.toThrow(/tar\.gz does not contain versitygw_v1\.8\.0_/);
    expect(await readdir(binDir())).toEqual([]);
  });

  test('rejects an archive of versitygw that only matches the checksum beside it', async () => {
    const { context } = await serveVersitygw('versitygw');
    const found = findTool(objectStoreTool(context), context);
    await expect(found).rejects.toThrow(/2ba2c734d10d|b34051d33f5a|104bd978e80e|4953096f65a9/);
    expect(await readdir(binDir())).toEqual([]);
  });

  test('tries the next source of mongod after a refused connection', async () => {
    const context = contextOf({ VIDETTE_MONGOD_RELEASES: await refusingUrl() });
    const found = findTool(documentStoreTool(context), context);
    await expect(found).rejects.toThrow(/ECONNREFUSED[\s\S]*no Go toolchain/);
  });
});

describe('all tools', () => {
  /** Writes a program that prints what the check of a tool expects. */
  async function fakeTool(name: string, output: string): Promise<string> {
    await writeFile(join(folder, name), `#!/bin/sh\necho "${output}"\n`, { mode: 0o755 });
    return join(folder, name);
  }

  /** Variables of a set-up in which two tools are missing and the mirror is `url`. */
  async function missingTwo(url: string) {
    return {
      VIDETTE_FFMPEG: await fakeTool('my-ffmpeg', 'ffmpeg version 7'),
      VIDETTE_FFPROBE: await fakeTool('my-ffprobe', 'ffprobe version 7'),
      VIDETTE_MONGOD: await fakeTool('my-mongod', 'db version v8'),
      VIDETTE_TEMPORAL_RELEASES: `${url}/temporal`,
      VIDETTE_VERSITYGW_RELEASES: `${url}/versitygw`,
    };
  }

  test('are downloaded at the same time, and one message names all that are missing', async () => {
    const waiting = new Map<string, () => void>();
    mirror = createServer(({ url = '' }, response) => {
      const [, tool = ''] = url.split('/');
      waiting.set(tool, () => response.writeHead(404).end());
      // Neither is answered before both are requested.
      if (waiting.size === 2) for (const answer of waiting.values()) answer();
    });
    const { config, onStep } = contextOf(await missingTwo(await listen(mirror)));
    const error: unknown = await findTools({ config, onStep }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SETUP_FAILED' });
    const { message } = error as Error; // matched above
    expect(message).toMatch(/temporal could not be set up.*\n.*temporal on PATH: not found/);
    expect(message).toMatch(/temporal\/v\S+\/checksums\.txt answered 404/);
    expect(message).toMatch(/versitygw could not be set up/);
    expect(message).toMatch(/versitygw\/v\S+\/versitygw_v\S+\.tar\.gz answered 404/);
  });
});

describe('an installed executable', () => {
  async function fake(path: string, text = FAKE): Promise<string> {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
    return path;
  }

  test('is preferred from the environment over the search path', async () => {
    const given = await fake(join(folder, 'mine/temporal-of-mine'));
    await fake(join(folder, 'path/temporal'));
    const context = contextOf({ VIDETTE_TEMPORAL: given, PATH: join(folder, 'path') });
    expect((await findTool(temporalTool(context), context)).path).toBe(given);
  });

  test('is preferred from the search path over the cache', async () => {
    const path = await fake(join(folder, 'path/temporal'));
    await fake(join(binDir(), 'temporal-1.10.0'));
    const context = contextOf({ PATH: `/nowhere:${join(folder, 'path')}` });
    expect((await findTool(temporalTool(context), context)).path).toBe(path);
  });

  test('fails immediately if it is set in the environment but broken', async () => {
    await fake(join(folder, 'path/temporal'));
    const context = contextOf({
      VIDETTE_TEMPORAL: join(folder, 'nothing'),
      PATH: join(folder, 'path'),
    });
    const found = findTool(temporalTool(context), context);
    await expect(found).rejects.toThrow(/VIDETTE_TEMPORAL: .*nothing is not an executable file/);
  });

  test('is not used from the cache if it does not run', async () => {
    await fake(join(binDir(), 'temporal-1.10.0'), '#!/bin/sh\nexit 1\n');
    const context = contextOf({ VIDETTE_TEMPORAL_RELEASES: await serveRelease() });
    const { path } = await findTool(temporalTool(context), context);
    expect(await readFile(path, 'utf8')).toBe(FAKE);
  });

  test('is downloaded only once by concurrent set-ups', async () => {
    const context = contextOf({ VIDETTE_TEMPORAL_RELEASES: await serveRelease() });
    const found = await Promise.all([1, 2, 3].map(() => findTool(temporalTool(context), context)));
    expect(new Set(found.map(({ path }) => path)).size).toBe(1);
    expect(context.steps.filter((step) => step.includes('downloading'))).toHaveLength(1);
  });

  test('is MinIO for a new data folder if only MinIO is set in the environment', async () => {
    const minio = await fake(join(folder, 'mine/minio'), FAKE_MINIO);
    const context = contextOf({ VIDETTE_MINIO: minio });
    const found = await findTool(objectStoreTool(context), context);
    expect(found).toEqual({ path: minio, kind: 'minio' });
  });

  test('is the object store that created the data folder', async () => {
    const versitygw = await fake(join(folder, 'mine/versitygw'), FAKE_VERSITYGW);
    const minio = await fake(join(folder, 'path/minio'), FAKE_MINIO);
    const context = contextOf({ VIDETTE_VERSITYGW: versitygw, PATH: join(folder, 'path') });
    const found = await findTool(objectStoreTool(context, 'minio'), context);
    expect(found).toEqual({ path: minio, kind: 'minio' });
    expect(context.steps).toEqual([
      'Ignoring VIDETTE_VERSITYGW: this data folder was created with minio.',
    ]);
  });
});
