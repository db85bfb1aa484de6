/** A packet of RFC 3550. */
export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
  /** A view of the packet. */
  readonly payload: Buffer;
}

const VERSION = 2;
const HEADER_BYTES = 12;
const WORD_BYTES = 4;

/** Parses an RTP packet; undefined if its fields contradict its length. */
export function parseRtp(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt8(0) >> 6 !== VERSION) return undefined;
  const start = payloadStart(bytes);
  const end = bytes.length - paddingBytes(bytes);
  if (start > end) return undefined;
  const second = bytes.readUInt8(1);
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    source: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** After the contributing sources and the extension; beyond the end if the packet is too short. */
function payloadStart(bytes: Buffer): number {
  const first = bytes.readUInt8(0);
  const start = HEADER_BYTES + WORD_BYTES * (first & 0x0f);
  if ((first & 0x10) === 0) return start;
  const extension = start + WORD_BYTES;
  if (extension > bytes.length) return extension;
  return extension + WORD_BYTES * bytes.readUInt16BE(start + 2);
}

function paddingBytes(bytes: Buffer): number {
  return (bytes.readUInt8(0) & 0x20) === 0 ? 0 : bytes.readUInt8(bytes.length - 1);
}
