import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { makeZip } from 'client-zip';
import { create } from 'tar';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { extractFiles } from './archive.js';

/** Files `ffmpeg` and `ffprobe` without a folder, made with `tar -cJf`. */
const PAIR_TAR_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AHddADNhsOBmblQOzX+ffKPn3D7v1bvIFF1twLM5N1dZr1uIcOhasn/X3l20Gph5TPa7LvDIaM7jbi/wGLvznXuabF8g4E0Hy9DUUvmiiexVgpbuTvZn5mCv+JD1FZ4wC2FyFk83J7vqADLI2a6XgTcKvYFUDU8sjoWHAACIv5cxnphTYgABkwGAUAAACwEi5LHEZ/sCAAAAAARZWg==';

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-archive-'));
  target = join(folder, 'target');
  await mkdir(target);
});
afterEach(() => rm(folder, { recursive: true }));

/** Creates an archive with a folder inside, as releases of servers have it. */
async function tarGz(): Promise<string> {
  await mkdir(join(folder, 'tool-1.2-linux/bin'), { recursive: true });
  await writeFile(join(folder, 'tool-1.2-linux/bin/tool'), 'program');
  await writeFile(join(folder, 'tool-1.2-linux/README'), 'text');
  const file = join(folder, 'tool.tar.gz');
  await create({ gzip: true, cwd: folder, file }, ['tool-1.2-linux']);
  return file;
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

it.each(['tool-1.2-linux/bin/tool', '*/bin/tool'])('extracts %s from a tar.gz', async (member) => {
  const [path = ''] = await extractFiles(await tarGz(), [member], target);
  expect(path).toBe(join(target, 'tool'));
  expect(await readFile(path, 'utf8')).toBe('program');
  expect(await readdir(target)).toEqual(['tool']);
});

it('extracts several files from a tar.xz', async () => {
  const archive = await write('pair.tar.xz', Buffer.from(PAIR_TAR_XZ, 'base64'));
  const paths = await extractFiles(archive, ['ffmpeg', 'ffprobe'], target);
  expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual([
    'ffmpeg\n',
    'ffprobe\n',
  ]);
});

it('extracts a file from a wheel, which is a zip', async () => {
  const files = ['package/__init__.py', 'package/binaries/tool'];
  const zip = makeZip(files.map((name) => ({ name, input: `content of ${name}` })));
  const archive = await write('package.whl', await buffer(zip));
  const [path = ''] = await extractFiles(archive, ['package/binaries/tool'], target);
  expect(await readFile(path, 'utf8')).toBe('content of package/binaries/tool');
});

it('reports a file that the archive does not contain', async () => {
  const extracted = extractFiles(await tarGz(), ['other/tool'], target);
  await expect(extracted).rejects.toThrow('tool.tar.gz does not contain other/tool');
});

it.each(['tool.tar.gz', 'tool.tar.xz', 'tool.zip'])('rejects a web page as %s', async (name) => {
  const archive = await write(name, '<html>'.repeat(1000));
  await expect(extractFiles(archive, ['tool'], target)).rejects.toThrow(`${name} is damaged`);
});

it('rejects a truncated archive', async () => {
  const whole = await readFile(await tarGz());
  const archive = await write('half.tar.gz', whole.subarray(0, whole.length / 2));
  await expect(extractFiles(archive, ['*/bin/tool'], target)).rejects.toThrow('is damaged');
});
