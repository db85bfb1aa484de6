/** The clock of a camera, as a sender report relates it to RTP timestamps. */
export interface SenderReport {
  /** UTC of the camera, in milliseconds since 1970. */
  readonly utcMs: number;
  /** RTP timestamp of the same moment. */
  readonly timestamp: number;
}

const VERSION = 2;
const SENDER_REPORT = 200;
const SENDER_REPORT_BYTES = 28;
const WORD_BYTES = 4;
/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH_S = 2_208_988_800;

/** Finds the sender report in a compound RTCP packet (RFC 3550, 6.4.1). */
export function parseSenderReport(bytes: Buffer): SenderReport | undefined {
  let offset = 0;
  while (offset + WORD_BYTES <= bytes.length && bytes.readUInt8(offset) >> 6 === VERSION) {
    const end = offset + WORD_BYTES * (bytes.readUInt16BE(offset + 2) + 1);
    if (end > bytes.length) return undefined;
    const isReport = bytes.readUInt8(offset + 1) === SENDER_REPORT;
    if (isReport && end - offset >= SENDER_REPORT_BYTES) return readReport(bytes, offset);
    offset = end;
  }
  return undefined;
}

/** A camera without a clock sends zeros, or times near 1970. */
function readReport(bytes: Buffer, offset: number): SenderReport | undefined {
  const seconds = bytes.readUInt32BE(offset + 8) - NTP_EPOCH_S;
  if (seconds <= 0) return undefined;
  const utcMs = (seconds + bytes.readUInt32BE(offset + 12) / 2 ** 32) * 1000;
  return { utcMs, timestamp: bytes.readUInt32BE(offset + 16) };
}

/**
 * UTC of the camera at an RTP timestamp, in milliseconds since 1970.
 * @param clockRate ticks per second.
 */
export function cameraTime(
  { utcMs, timestamp }: SenderReport,
  rtpTimestamp: number,
  clockRate: number,
): number {
  // The difference of two 32-bit counters that wrap around.
  return utcMs + (((rtpTimestamp - timestamp) | 0) / clockRate) * 1000;
}
