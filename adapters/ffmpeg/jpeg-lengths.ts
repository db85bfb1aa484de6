import { createReadStream } from 'node:fs';

/**
 * End of a JPEG and start of the next one. Compressed data cannot contain it (ITU-T T.81, B.1.1.5), nor
 * do the tables that ffmpeg writes.
 */
const BOUNDARY = Buffer.from([0xff, 0xd9, 0xff, 0xd8]);
const END_BYTES = 2;
const CHUNK_BYTES = 1024 ** 2;

/** Measures the JPEGs that ffmpeg wrote one after another to a file, in bytes. */
export async function jpegLengths(path: string): Promise<readonly number[]> {
  const ends: number[] = [];
  let searched = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    // The last bytes may be the beginning of a boundary.
    const rest = searched.subarray(Math.max(0, searched.length - BOUNDARY.length + 1));
    searched = Buffer.concat([rest, chunk as Buffer]);
    const from = size - rest.length;
    for (let at = searched.indexOf(BOUNDARY); at >= 0; at = searched.indexOf(BOUNDARY, at + 1)) {
      ends.push(from + at + END_BYTES);
    }
    size += (chunk as Buffer).length;
  }
  if (size > 0) ends.push(size);
  return ends.map((end, i) => end - (ends[i - 1] ?? 0));
}
