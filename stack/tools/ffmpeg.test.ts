import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { makeZip } from 'client-zip';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import type { Confirm } from '../consent.js';
import { ffmpegTool } from './ffmpeg.js';
import { findTool } from './find-tool.js';
import { createToolContext } from './tool-context.js';

/** A program that lists every part that Vidette needs; PAIR_TAR_XZ contains it twice. */
const COMPLETE = `#!/bin/sh
case "$*" in
-version) echo "ffmpeg version 7, ffprobe version 7" ;;
*) printf ' x libx264\\n x ass\\n x hevc\\n x rtsp\\n-fps_mode\\n' ;;
esac
`;
const WITHOUT_LIBASS = COMPLETE.replace(' x ass\\n', '');
/** `ffmpeg` and `ffprobe` without a folder, made with `tar -cJf`. */
const PAIR_TAR_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AOJdADNhsOBmblQOzX+ffPmuCXbv1af6twZjt6uT6zkYG47BbC2blHZWELcpcYnALGjQoWtjeaFYcAEMJ9lV+q9IUQOUs7NpI84Jk1CnNO6CoQ20r8kIld6zDLeGUc9mlEBbUx7UnaNC7ugyU4TZAeZ3t6CnoCbaFpxPuesMGhUgujqj6beJmI7S7ev51LPTCGi+loBtLPdKZefzP5aDJRfRFrdfHuSh4bK/JGpU/Ua1CszDcneS5qPZYlTKpavWnlaO01GW/S4uFStdpWDEGnlVAazY+FgLn1SnHZWB5ofu7uXp2AAAAABVT3ivzPkcFQAB/gGAUAAAjx1IULHEZ/sCAAAAAARZWg==';

let folder: string;
let path: string;
let mirror: Server;
let files: Record<string, Buffer>;
let requests: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-ffmpeg-'));
  path = join(folder, 'path');
  await mkdir(path);
  files = {};
  requests = [];
  mirror = createServer(({ url = '' }, response) => {
    requests.push(url);
    const content = files[url];
    if (content) response.end(content);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  mirror.closeAllConnections();
  await new Promise((resolve) => mirror.close(resolve));
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(path, name), text, { mode: 0o755 });

/** Finds ffmpeg or ffprobe with the mirror and the folder `path` as PATH. */
function find(
  name: 'ffmpeg' | 'ffprobe',
  variables: Record<string, string> = {},
  confirm?: Confirm,
) {
  const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`; // listening on TCP
  const config = readConfig({
    PATH: path,
    VIDETTE_CACHE_DIR: join(folder, 'cache'),
    VIDETTE_FFMPEG_RELEASES: url,
    VIDETTE_PYTHON_PACKAGES: url,
    ...variables,
  });
  const context = createToolContext({ config, onStep: () => undefined, confirm });
  const sha256Of = (file: string) =>
    createHash('sha256')
      .update(files[file] ?? '')
      .digest('hex');
  const tool = ffmpegTool(name, context, {
    pair: (base) => ({
      url: `${base}/pair.tar.xz`,
      sha256: sha256Of('/pair.tar.xz'),
      members: ['ffmpeg', 'ffprobe'],
    }),
    wheel: (base) => ({
      url: `${base}/w.whl`,
      sha256: sha256Of('/w.whl'),
      members: ['imageio_ffmpeg/binaries/ffmpeg-v9'],
    }),
  });
  return findTool(tool, context);
}

it('uses an ffmpeg that a variable names without a check of its parts', async () => {
  await write('mine', WITHOUT_LIBASS);
  const mine = join(path, 'mine');
  expect(await find('ffmpeg', { VIDETTE_FFMPEG: mine })).toMatchObject({ path: mine });
});

it('uses the pair on PATH if it has every part, and requests nothing', async () => {
  await write('ffmpeg', COMPLETE);
  await write('ffprobe', COMPLETE);
  expect((await find('ffmpeg')).path).toBe(join(path, 'ffmpeg'));
  expect((await find('ffprobe')).path).toBe(join(path, 'ffprobe'));
  expect(requests).toEqual([]);
});

it('downloads a portable pair once if the ffmpeg on PATH lacks a part', async () => {
  await write('ffmpeg', WITHOUT_LIBASS);
  files = { '/pair.tar.xz': Buffer.from(PAIR_TAR_XZ, 'base64') };
  const { path: ffmpeg } = await find('ffmpeg');
  const { path: ffprobe } = await find('ffprobe');
  expect(await readFile(ffmpeg, 'utf8')).toBe(COMPLETE);
  expect(await readFile(ffprobe, 'utf8')).toBe(COMPLETE);
  expect(requests).toEqual(['/pair.tar.xz']);
  expect(await readdir(join(folder, 'cache/downloads'))).toEqual([]);
});

it('downloads a portable ffmpeg once if it is asked for, and leaves the one on PATH alone', async () => {
  const portable = { VIDETTE_PORTABLE_FFMPEG: 'true' };
  await write('ffmpeg', COMPLETE);
  await write('ffprobe', COMPLETE);
  await expect(find('ffmpeg', portable)).rejects.toThrow(
    /pair\.tar\.xz answered 404[^]*unset VIDETTE_PORTABLE_FFMPEG/,
  );
  requests = [];
  files = { '/pair.tar.xz': Buffer.from(PAIR_TAR_XZ, 'base64') };
  const { path: ffmpeg } = await find('ffmpeg', portable);
  expect(ffmpeg.startsWith(join(folder, 'cache'))).toBe(true);
  expect(await find('ffmpeg', portable)).toMatchObject({ path: ffmpeg });
  expect((await find('ffprobe', portable)).path).toBe(join(path, 'ffprobe'));
  expect(requests).toEqual(['/pair.tar.xz']);
});

it('takes ffmpeg from a wheel if there is no pair, with the ffprobe on PATH', async () => {
  const input = { name: 'imageio_ffmpeg/binaries/ffmpeg-v9', input: COMPLETE };
  files = { '/w.whl': await buffer(makeZip([input])) };
  await expect(find('ffmpeg')).rejects.toThrow('it contains no ffprobe, and no ffprobe is on PATH');
  expect(requests).toEqual(['/pair.tar.xz']);
  await write('ffprobe', COMPLETE);
  expect(await readFile((await find('ffmpeg')).path, 'utf8')).toBe(COMPLETE);
  expect(requests).toEqual(['/pair.tar.xz', '/pair.tar.xz', '/w.whl']);
});

/** Writes an apt-get that records its arguments and installs the pair, and a sudo for it. */
async function writePackageManager(): Promise<() => Promise<string>> {
  const log = join(folder, 'apt.log');
  await writeFile(log, '');
  const copies = ['ffmpeg', 'ffprobe'].map((name) => `/bin/cp ${folder}/complete ${path}/${name}`);
  await write('apt-get', `#!/bin/sh\necho "$*" >> ${log}\n${copies.join('\n')}\n`);
  await write('sudo', '#!/bin/sh\nshift\nexec "$@"\n');
  await write('true', '#!/bin/sh\n');
  await writeFile(join(folder, 'complete'), COMPLETE, { mode: 0o755 });
  return () => readFile(log, 'utf8');
}

it('names every way that was tried, and installs no package without consent', async () => {
  const readLog = await writePackageManager();
  const message = messageOf(await find('ffmpeg').catch((error: unknown) => error));
  for (const part of [
    '1. ffmpeg on PATH: not found',
    'cache folder',
    '/pair.tar.xz answered 404',
    'no ffprobe is on PATH',
    'install -y --no-install-recommends ffmpeg` changes the system. Allow it with --yes or VIDETTE_ALLOW_INSTALL=true',
    'VIDETTE_FFMPEG',
  ]) {
    expect(message).toContain(part);
  }
  expect(await readLog()).toBe('');
});

it('installs a package after a question that states the commands', async () => {
  const readLog = await writePackageManager();
  const questions: string[] = [];
  const confirm: Confirm = ({ kind, question }) => {
    questions.push(`${kind}: ${question}`);
    return Promise.resolve(true);
  };
  expect((await find('ffmpeg', {}, confirm)).path).toBe(join(path, 'ffmpeg'));
  expect(questions).toHaveLength(1);
  expect(questions[0]).toMatch(
    /^install: Install ffmpeg for the whole system with `.*apt-get update` and `/,
  );
  expect(await readLog()).toBe('update\ninstall -y --no-install-recommends ffmpeg\n');
});

it('installs a package without a question if the environment allows it', async () => {
  await writePackageManager();
  const { path: found } = await find('ffmpeg', { VIDETTE_ALLOW_INSTALL: 'true' });
  expect(found).toBe(join(path, 'ffmpeg'));
});
