/** Position of a JPEG in a pack: frame_id, offset and length in bytes. */
export type PackEntry = readonly [frame: number, offset: number, length: number];

const LENGTH_BYTES = 4;

/** Returns the positions of JPEGs that lie one after another. @param lengths bytes of each JPEG */
export function placeFrames(
  frames: readonly { readonly frame: number }[],
  lengths: readonly number[],
): PackEntry[] {
  let offset = 0;
  return lengths.map((length, i): PackEntry => {
    const entry = [frames[i]!.frame, offset, length] as const;
    offset += length;
    return entry;
  });
}

/**
 * Packs the frames of a range: the JPEGs one after another, a JSON index of {@link PackEntry}, and
 * the index's length as uint32, little-endian.
 */
export function packFrames(jpegs: Buffer, entries: readonly PackEntry[]): Buffer {
  const index = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.length);
  return Buffer.concat([jpegs, index, length]);
}

/** The index of a pack. */
export function packEntries(pack: Buffer): PackEntry[] {
  const end = pack.length - LENGTH_BYTES;
  const index = pack.subarray(end - pack.readUInt32LE(end), end).toString('utf8');
  return JSON.parse(index) as PackEntry[];
}
