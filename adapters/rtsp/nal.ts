import type { NalCodec } from '../../domain/stream/access-unit.js';

/** Facts about the NAL units of a codec and their RTP payloads. */
export interface NalFormat {
  /** Size of the header of a NAL unit, in bytes. */
  readonly headerBytes: number;
  readonly typeOf: (nal: Buffer) => number;
  /** Whether a type carries a part of a frame. */
  readonly isSlice: (type: number) => boolean;
  /** Whether a type begins a sequence that can be decoded alone. */
  readonly isKey: (type: number) => boolean;
  /** Types of the parameter sets, in the order in which decoders need them. */
  readonly parameterSets: readonly number[];
  /** Type of the access unit delimiter. */
  readonly delimiter: number;
  /** Whether a payload of a type is one NAL unit. */
  readonly isSingle: (type: number) => boolean;
  /** Types of payloads with several NAL units, and with a part of one. */
  readonly aggregation: number;
  readonly fragmentation: number;
  /** The header of the NAL unit whose first part is in a payload. */
  readonly fragmentHeader: (payload: Buffer) => Buffer;
}

/** RFC 6184: STAP-A and FU-A. */
const H264: NalFormat = {
  headerBytes: 1,
  typeOf: (nal) => nal.readUInt8(0) & 0x1f,
  isSlice: (type) => type >= 1 && type <= 5,
  isKey: (type) => type === 5,
  parameterSets: [7, 8],
  delimiter: 9,
  isSingle: (type) => type >= 1 && type <= 23,
  aggregation: 24,
  fragmentation: 28,
  fragmentHeader: (payload) =>
    Buffer.from([(payload.readUInt8(0) & 0xe0) | (payload.readUInt8(1) & 0x1f)]),
};

/** RFC 7798: AP and FU. Cameras also begin sequences with CRA and BLA frames, types 16 to 21. */
const H265: NalFormat = {
  headerBytes: 2,
  typeOf: (nal) => (nal.readUInt8(0) >> 1) & 0x3f,
  isSlice: (type) => type <= 31,
  isKey: (type) => type >= 16 && type <= 21,
  parameterSets: [32, 33, 34],
  delimiter: 35,
  isSingle: (type) => type <= 47,
  aggregation: 48,
  fragmentation: 49,
  fragmentHeader: (payload) =>
    Buffer.from([
      (payload.readUInt8(0) & 0x81) | ((payload.readUInt8(2) & 0x3f) << 1),
      payload.readUInt8(1),
    ]),
};

export const NAL_FORMATS: Readonly<Record<NalCodec, NalFormat>> = { h264: H264, h265: H265 };

/** Whether a slice is the first one of its frame: the first bit after the header is set. */
export function isFirstSlice({ headerBytes }: NalFormat, nal: Buffer): boolean {
  return ((nal[headerBytes] ?? 0) & 0x80) !== 0;
}
