/** Position of a JPEG in a pack: frame_id, offset and length in bytes. */
export type PackEntry = readonly [frame: number, offset: number, length: number];

const LENGTH_BYTES = 4;

/**
 * Packs the frames of a range: the JPEGs one after another, a JSON index of {@link PackEntry}, and
 * the index's length as uint32, little-endian.
 */
export function packFrames(frames: readonly { frame: number; jpeg: Buffer }[]): Buffer {
  let offset = 0;
  const entries = frames.map(({ frame, jpeg }): PackEntry => {
    const entry = [frame, offset, jpeg.length] as const;
    offset += jpeg.length;
    return entry;
  });
  const index = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.length);
  return Buffer.concat([...frames.map(({ jpeg }) => jpeg), index, length]);
}

/** The index of a pack. */
export function packEntries(pack: Buffer): PackEntry[] {
  const end = pack.length - LENGTH_BYTES;
  const index = pack.subarray(end - pack.readUInt32LE(end), end).toString('utf8');
  return JSON.parse(index) as PackEntry[];
}
