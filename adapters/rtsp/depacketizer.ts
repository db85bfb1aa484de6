import type { NalCodec } from '../../domain/stream/access-unit.js';
import { NAL_FORMATS, type NalFormat } from './nal.js';

/** Turns the payloads of RTP packets into NAL units. */
export interface Depacketizer {
  /** Reads a payload, and returns false if a part of it could not be used. */
  readonly push: (payload: Buffer) => boolean;
  /** Ends a fragmented NAL unit whose rest was lost, and returns whether there was one. */
  readonly flush: () => boolean;
}

/** @param onNal receives each NAL unit, as a copy; of a fragmented one, as much as arrived. */
export function createDepacketizer(codec: NalCodec, onNal: (nal: Buffer) => void): Depacketizer {
  const format = NAL_FORMATS[codec];
  const { headerBytes, isSingle, aggregation, fragmentation } = format;
  /** Header and parts of the fragmented NAL unit that is being received. */
  let parts: Buffer[] = [];
  const finish = () => {
    const nal = Buffer.concat(parts);
    parts = [];
    if (nal.length > headerBytes) onNal(nal);
  };
  const flush = () => {
    const isOpen = parts.length > 0;
    if (isOpen) finish();
    return isOpen;
  };
  const pushFragment = (payload: Buffer): boolean => {
    if (payload.length <= headerBytes + 1) return false;
    const flags = payload.readUInt8(headerBytes);
    const [isStart, isEnd] = [(flags & 0x80) !== 0, (flags & 0x40) !== 0];
    const isWhole = isStart ? !flush() : parts.length > 0;
    if (isStart) parts = [format.fragmentHeader(payload)];
    if (parts.length === 0) return false; // its start was lost
    parts.push(Buffer.from(payload.subarray(headerBytes + 1)));
    if (isEnd) finish();
    return isWhole;
  };
  return {
    flush,
    push: (payload) => {
      if (payload.length <= headerBytes) return false;
      const type = format.typeOf(payload);
      if (type === fragmentation) return pushFragment(payload);
      const isWhole = !flush();
      if (type === aggregation) return splitAggregate(payload, format, onNal) && isWhole;
      if (!isSingle(type)) return false;
      onNal(Buffer.from(payload));
      return isWhole;
    },
  };
}

/** Reads NAL units, each after its size in 16 bits. */
function splitAggregate(
  payload: Buffer,
  { headerBytes }: NalFormat,
  onNal: (nal: Buffer) => void,
): boolean {
  let offset = headerBytes;
  while (offset + 2 <= payload.length) {
    const start = offset + 2;
    offset = start + payload.readUInt16BE(offset);
    if (offset > payload.length || offset - start <= headerBytes) return false;
    onNal(Buffer.from(payload.subarray(start, offset)));
  }
  return offset === payload.length;
}
