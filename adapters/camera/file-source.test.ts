import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveVideoFile } from './file-source.js';

const MP4 = Buffer.from('00000020667479706d703432', 'hex');
let home: string;
let root: string;
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'vidette-files-')));
  root = join(home, 'root');
  await mkdir(join(root, 'sub'), { recursive: true });
  await mkdir(join(home, 'root-beside'));
  await writeFile(join(root, 'a b.mp4'), MP4);
  await writeFile(join(root, 'sub', 'clip.avi'), 'RIFF\0\0\0\0AVI LIST');
  await writeFile(join(root, '..clip.mkv'), Buffer.from('1a45dfa3000000000000', 'hex'));
  await writeFile(join(home, 'secret.mp4'), MP4);
  await writeFile(join(home, 'root-beside', 'clip.mp4'), MP4);
  await writeFile(join(root, 'list.mp4'), '#EXTM3U\nhttp://127.0.0.1/');
  await writeFile(join(root, 'empty.mp4'), '');
  await symlink(join(home, 'secret.mp4'), join(root, 'out.mp4'));
  await symlink('a b.mp4', join(root, 'in.mp4'));
  await symlink('../..', join(root, 'up'));
  await execa('mkfifo', [join(root, 'pipe.mp4')]);
});
afterAll(() => rm(home, { recursive: true, force: true }));

const urlOf = (...names: string[]) => pathToFileURL(join(root, ...names)).href;

describe('resolveVideoFile', () => {
  it.each([
    ['MP4, with a space in its name', 'a b.mp4'],
    ['AVI in a subfolder', 'sub/clip.avi'],
    ['MKV whose name begins with dots', '..clip.mkv'],
  ])('resolves an %s', async (_, name) => {
    expect(await resolveVideoFile(urlOf(name), root)).toBe(join(root, name));
  });

  it('follows links that stay inside, also of the folder itself', async () => {
    expect(await resolveVideoFile(urlOf('in.mp4'), root)).toBe(join(root, 'a b.mp4'));
    await symlink(root, join(home, 'linked'));
    const url = pathToFileURL(join(home, 'linked', 'a b.mp4')).href;
    expect(await resolveVideoFile(url, join(home, 'linked'))).toBe(join(root, 'a b.mp4'));
  });

  it.each<[what: string, url: () => string]>([
    ['a missing file', () => urlOf('missing.mp4')],
    ['a path with dots', () => `${pathToFileURL(root).href}/../secret.mp4`],
    ['a path with encoded dots', () => `${pathToFileURL(root).href}/%2e%2e/secret.mp4`],
    ['a link to a file outside', () => urlOf('out.mp4')],
    ['a path through a link to a folder outside', () => urlOf('up', 'secret.mp4')],
    ['a folder with the same beginning', () => `${pathToFileURL(root).href}-beside/clip.mp4`],
    ['the folder itself', () => pathToFileURL(root).href],
    ['another file of the host', () => 'file:///etc/passwd'],
  ])('rejects %s as missing', async (_, url) => {
    await expect(resolveVideoFile(url(), root)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: `Failed to open video: the file does not exist in VIDETTE_FILE_ROOT. Copy it into ${root}.`,
    });
  });

  it.each<[what: string, url: () => string, message: RegExp]>([
    ['a folder', () => urlOf('sub'), /not a regular file/],
    ['a named pipe', () => urlOf('pipe.mp4'), /not a regular file/],
    ['a playlist', () => urlOf('list.mp4'), /not an MP4, AVI or MKV file/],
    ['an empty file', () => urlOf('empty.mp4'), /not an MP4, AVI or MKV file/],
    ['a host', () => 'file://server/share/clip.mp4', /URL is invalid/],
    ['an encoded slash', () => 'file:///a%2fb.mp4', /URL is invalid/],
    ['a path with a zero byte', () => 'file:///a%00.mp4', /does not exist|URL is invalid/],
  ])('rejects %s', async (_, url, message) => {
    await expect(resolveVideoFile(url(), root)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message) as string,
    });
  });

  it('allows no file without a root, and names a root that does not exist', async () => {
    await expect(resolveVideoFile(urlOf('a b.mp4'), undefined)).rejects.toThrow(
      'Failed to open video: files are not allowed. Set VIDETTE_FILE_ROOT',
    );
    await expect(resolveVideoFile(urlOf('a b.mp4'), join(home, 'none'))).rejects.toThrow(
      'the folder of VIDETTE_FILE_ROOT does not exist',
    );
  });
});
