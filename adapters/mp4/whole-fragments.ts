import { type FileHandle, open } from 'node:fs/promises';

/** Header of a box: size (32 bits), type, and the size in 64 bits if the first one is 1. */
const HEADER_BYTES = 16;
const TYPE_OFFSET = 4;
const LARGE_SIZE_OFFSET = 8;
const LARGE_SIZE = 1;

/**
 * Cuts a fragmented MP4 off after its last whole fragment: readers trust the index of a fragment
 * whose data is missing.
 */
export async function cutToWholeFragments(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(await endOfWholeFragments(file));
  } finally {
    await file.close();
  }
}

async function endOfWholeFragments(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const header = Buffer.alloc(HEADER_BYTES);
  let end = 0;
  for (let start = 0; start < size;) {
    header.fill(0);
    await file.read(header, 0, HEADER_BYTES, start);
    const next = start + boxBytes(header);
    if (next === start || next > size) break;
    if (header.toString('latin1', TYPE_OFFSET, LARGE_SIZE_OFFSET) === 'mdat') end = next;
    start = next;
  }
  return end;
}

function boxBytes(header: Buffer): number {
  const bytes = header.readUInt32BE(0);
  return bytes === LARGE_SIZE ? Number(header.readBigUInt64BE(LARGE_SIZE_OFFSET)) : bytes;
}
