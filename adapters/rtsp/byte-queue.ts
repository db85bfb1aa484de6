const FIRST_BYTES = 64 * 1024;

/** Bytes that arrived and are not yet read, in one growing buffer. */
export interface ByteQueue {
  readonly append: (chunk: Buffer) => void;
  /** A view of all bytes, valid until the next `append`. */
  readonly bytes: () => Buffer;
  /** Removes bytes from the front. */
  readonly drop: (count: number) => void;
}

/** Each byte is copied a constant number of times, however small the chunks are. */
export function createByteQueue(): ByteQueue {
  let buffer = Buffer.allocUnsafe(FIRST_BYTES);
  let [start, end] = [0, 0];
  const makeRoom = (count: number) => {
    const length = end - start;
    if (buffer.length - end >= count) return;
    const isSmall = length + count <= buffer.length / 2;
    const target = isSmall ? buffer : Buffer.allocUnsafe(2 * (length + count));
    buffer.copy(target, 0, start, end);
    buffer = target;
    [start, end] = [0, length];
  };
  return {
    append: (chunk) => {
      makeRoom(chunk.length);
      end += chunk.copy(buffer, end);
    },
    bytes: () => buffer.subarray(start, end),
    drop: (count) => {
      start += count;
    },
  };
}
