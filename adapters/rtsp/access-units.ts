import { createDepacketizer } from './depacketizer.js';
import {
  ACCESS_UNIT_BYTES_MAX,
  type AccessUnit,
  type NalCodec,
} from '../../domain/stream/access-unit.js';
import { isFirstSlice, NAL_FORMATS } from './nal.js';
import { createParameterSets } from './parameter-sets.js';
import type { RtpPacket } from './rtp.js';
import { ProtocolError } from './stream-error.js';

/** An access unit as it is received: `ts` in ticks of the track, `arrival` not yet made unique. */
export interface ReceivedUnit extends Pick<AccessUnit, 'ts' | 'arrival' | 'key' | 'damaged'> {
  /** NAL units without start codes. */
  readonly nals: readonly Buffer[];
}

export interface Arrival {
  /** When the packet arrived, in milliseconds since 1970. */
  readonly at: number;
  /** Whether packets before it were lost. */
  readonly afterLoss: boolean;
}

/** Memory of a buffer beside its bytes, so that tiny packets are bounded too. */
const BUFFER_BYTES = 128;

/**
 * Collects packets into access units. A unit ends at the marker bit or when the timestamp changes,
 * but not before its first slice. @throws ProtocolError for a unit of more than 8 MiB.
 */
export function createUnitAssembler(
  { codec, parameterSets }: { readonly codec: NalCodec; readonly parameterSets: readonly Buffer[] },
  onUnit: (unit: ReceivedUnit) => void,
): (packet: RtpPacket, arrival: Arrival) => void {
  const format = NAL_FORMATS[codec];
  const complete = createParameterSets(codec, parameterSets);
  let nals: Buffer[] = [];
  let firstSlice: Buffer | undefined;
  const depacketizer = createDepacketizer(codec, (nal) => {
    count(0);
    nals.push(nal);
    if (!firstSlice && format.isSlice(format.typeOf(nal))) firstSlice = nal;
  });
  let sizeBytes = 0;
  let [ts, arrival]: [number | undefined, number] = [undefined, 0];
  /** Whether the open unit lacks packets, and whether those before its first one were lost. */
  let [isBroken, isHeadless] = [false, false];
  /** Whether anything was lost since the last intact keyframe. */
  let isStale = false;
  let lastTs: number | undefined;
  let trustsMarker = true;

  const count = (bytes: number) => {
    sizeBytes += bytes + BUFFER_BYTES;
    if (sizeBytes > ACCESS_UNIT_BYTES_MAX)
      throw new ProtocolError('sent a frame of more than 8 MiB');
  };
  const emit = (slice: Buffer, unitTs: number) => {
    const startsFrame = isFirstSlice(format, slice);
    // A marker after each slice instead of each frame: frames end at the next timestamp then.
    if (unitTs === lastTs && !startsFrame) {
      trustsMarker = false;
      isBroken = true;
    }
    const key = nals.some((nal) => format.isKey(format.typeOf(nal)));
    const isIntact = !isBroken && (startsFrame || !isHeadless);
    isStale = !isIntact || (isStale && !key);
    onUnit({ ts: unitTs, arrival, key, damaged: isStale, nals: complete(nals, key) });
    lastTs = unitTs;
  };
  const end = () => {
    if (depacketizer.flush()) isBroken = true;
    if (ts !== undefined && firstSlice) {
      emit(firstSlice, ts);
      [nals, firstSlice] = [[], undefined];
    } else if (isBroken) {
      isStale = true;
    }
    // Some cameras send parameter sets with a marker or a timestamp of their own: they are kept.
    if (nals.length === 0) sizeBytes = 0;
    [isBroken, isHeadless] = [false, false];
  };
  const startOrContinue = (packet: RtpPacket, afterLoss: boolean) => {
    if (afterLoss) {
      depacketizer.flush();
      isStale = true;
      isBroken = sizeBytes > 0;
    }
    if (packet.timestamp !== ts) end();
    if (afterLoss) isHeadless = true;
    ts = packet.timestamp;
  };
  return (packet, { at, afterLoss }) => {
    startOrContinue(packet, afterLoss);
    arrival = at;
    const { payload } = packet;
    count(payload.length);
    // Packets of padding alone carry nothing.
    if (payload.length > 0 && !depacketizer.push(payload)) isBroken = true;
    if (packet.marker && trustsMarker) end();
  };
}
