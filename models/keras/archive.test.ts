import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadZip } from 'client-zip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kerasFile } from '../../test/support/keras-files.js';
import { readKerasArchive } from './archive.js';

const PARTS = { 'metadata.json': '{}', 'config.json': '{}', 'model.weights.h5': 'content' };

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'vidette-zip-')), 'model.keras');
});
afterAll(() => rm(join(path, '..'), { recursive: true, force: true }));

type Files = readonly (readonly [name: string, content: string])[];

async function zipOf(files: Files): Promise<Buffer> {
  const entries = files.map(([name, input]) => ({ name, input }));
  return Buffer.from(await downloadZip(entries).arrayBuffer());
}

async function read(bytes: Buffer) {
  await writeFile(path, bytes);
  return readKerasArchive(path);
}

/** Replaces a text in a zip by one of the same length. */
function replaced(zip: Buffer, from: string, to: string): Buffer {
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Sets the size of the first file, unpacked, in the directory of a zip. */
function withDeclaredSize(zip: Buffer, bytes: number): Buffer {
  const copy = Buffer.from(zip);
  copy.writeUInt32LE(bytes, copy.indexOf('PK\x01\x02', 0, 'latin1') + 24);
  return copy;
}

describe('readKerasArchive', () => {
  it('reads the parts, stored or compressed, and ignores other files', async () => {
    const stored = await read(await zipOf([['assets/a.txt', 'a'], ...Object.entries(PARTS)]));
    expect(Buffer.from(stored.weights).toString()).toBe('content');
    const { weights } = await read(kerasFile('nested'));
    expect(Buffer.from(weights.subarray(1, 4)).toString()).toBe('HDF');
  });

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['text', () => Buffer.from('not a zip'), 'is not a complete zip archive'],
    ['a missing part', () => zipOf([['config.json', '{}']]), 'does not contain metadata.json'],
    [
      'a part that occurs twice',
      () => zipOf([...Object.entries(PARTS), ['config.json', '[]']]),
      'contains config.json twice',
    ],
    [
      'a path outside the archive',
      async () => replaced(await zipOf([['aa/config.json', '']]), 'aa/', '../'),
      'invalid relative path: ../config.json',
    ],
    [
      'more files than the limit',
      () => zipOf(Array.from({ length: 1001 }, (_, i) => [`${i}`, ''] as const)),
      'has 1001 files, of which at most 1000 are allowed',
    ],
    [
      'a part above the limit',
      () => zipOf([['metadata.json', 'x'.repeat(1024 ** 2 + 1)]]),
      'metadata.json of 1048577 bytes, which is more than the limit of 1 MiB',
    ],
    [
      'content that is larger than declared',
      () => withDeclaredSize(kerasFile('nested'), 1),
      'too many bytes in the stream',
    ],
    [
      'changed content',
      async () => replaced(await zipOf(Object.entries(PARTS)), 'content', 'CONTENT'),
      'the checksum of model.weights.h5 differs',
    ],
  ])('rejects %s', async (_, make, message) => {
    const rejected = read(await make());
    await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(rejected).rejects.toThrow(message);
  });

  it('rejects every truncated file', async () => {
    const whole = kerasFile('lambda');
    for (let length = 0; length < whole.length; length += 401) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({
        code: 'MODEL_INVALID',
      });
    }
  });
});
