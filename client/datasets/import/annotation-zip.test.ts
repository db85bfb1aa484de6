import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withAnnotationZip } from './annotation-zip.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-zip-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A zip with one deflated file, whose directory states `size` as its size and `count` as their number. */
function zipOf(name: string, content: Buffer, { size = content.length, count = 1 } = {}): Buffer {
  const packed = deflateRawSync(content);
  const file = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x800, 2); // names are UTF-8
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, packed]);
  const head = Buffer.from('PK\x01\x02\x14\x00', 'latin1');
  const entry = Buffer.concat([head, common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

async function read(data: Buffer): Promise<string> {
  const path = join(folder, 'a.zip');
  await writeFile(path, data);
  return withAnnotationZip(path, ({ names, text }) => text(names[0]!));
}

describe('a zip with annotations', () => {
  it('is read as text', async () => {
    expect(await read(zipOf('форель.json', Buffer.from('{"a":1}')))).toBe('{"a":1}');
  });

  it.each(['../a.json', 'a/../../b.json', '/etc/a.json', 'c:/a.json'])(
    'is refused with the name %s',
    async (name) => {
      const text = read(zipOf(name, Buffer.from('{}')));
      await expect(text).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );

  it('is refused if a file is larger than the limit, or than its directory states', async () => {
    const bomb = zipOf('a.json', Buffer.alloc(64 * 1024 ** 2 + 1));
    expect(bomb.length).toBeLessThan(1e5);
    await expect(read(bomb)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const lying = zipOf('a.json', Buffer.alloc(1e6), { size: 10 });
    await expect(read(lying)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['another file', Buffer.from('not a zip at all, but longer than its end')],
    ['a file that is cut off', zipOf('a.json', Buffer.from('{"a":1}')).subarray(0, -30)],
    ['a directory that is cut off', zipOf('a.json', Buffer.from('{}'), { count: 2 })],
  ])('is refused if it is %s', async (_, data) => {
    await expect(read(data)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
