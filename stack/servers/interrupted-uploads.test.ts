import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreInterruptedUploads } from './interrupted-uploads.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vidette-test-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), path);
}

describe('restoreInterruptedUploads', () => {
  it('restores the folder of an upload that was being joined, with its parts', async () => {
    await write('videos/.sgwtmp/multipart/9f86d0/5a1b-22.d41d8cd9-3.inprogress/1');
    await restoreInterruptedUploads(root);
    const part = await readFile(join(root, 'videos/.sgwtmp/multipart/9f86d0/5a1b-22/1'), 'utf8');
    expect(part).toContain('.inprogress/1');
  });

  it('changes nothing else, in any bucket', async () => {
    const paths = [
      'videos/.sgwtmp/multipart/9f86d0/5a1b-22/1',
      'videos/input/a.b.inprogress',
      'results/a.b.inprogress/1',
      'a-file',
    ];
    for (const path of paths) await write(path);
    const before = await readdir(root, { recursive: true });
    await restoreInterruptedUploads(root);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it('accepts a folder that is missing', async () => {
    await expect(restoreInterruptedUploads(join(root, 'none'))).resolves.toBeUndefined();
  });
});
