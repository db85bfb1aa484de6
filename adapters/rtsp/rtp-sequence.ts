import type { RtpPacket } from './rtp.js';

/** Sequence numbers that a late packet may be behind (RFC 3550, A.1); beyond, the source restarted. */
const LATE_MAX = 100;
const RANGE = 0x1_0000;

/**
 * Returns a function that counts the packets that were lost before a packet; undefined for a packet
 * that is late or repeated. A restart of the source counts as one.
 */
export function createLossCounter(): (packet: RtpPacket) => number | undefined {
  let last: Pick<RtpPacket, 'sequence' | 'source'> | undefined;
  return ({ sequence, source }) => {
    const before = last ?? { sequence: sequence - 1, source };
    const step = (sequence - before.sequence + RANGE) % RANGE;
    const isOther = source !== before.source;
    const isBehind = step === 0 || step >= RANGE / 2;
    if (!isOther && isBehind && (RANGE - step) % RANGE <= LATE_MAX) return undefined;
    last = { sequence, source };
    return isOther || isBehind ? 1 : step - 1;
  };
}
