import type { AccessUnit, CameraCodec } from '../../domain/stream/access-unit.js';

/** Element ids of Matroska (RFC 9559) and EBML (RFC 8794). */
const ID = {
  ebml: '1a45dfa3',
  ebmlVersion: '4286',
  ebmlReadVersion: '42f7',
  ebmlMaxIdLength: '42f2',
  ebmlMaxSizeLength: '42f3',
  docType: '4282',
  docTypeVersion: '4287',
  docTypeReadVersion: '4285',
  segment: '18538067',
  info: '1549a966',
  timestampScale: '2ad7b1',
  muxingApp: '4d80',
  writingApp: '5741',
  tracks: '1654ae6b',
  trackEntry: 'ae',
  trackNumber: 'd7',
  trackUid: '73c5',
  trackType: '83',
  codecId: '86',
  video: 'e0',
  pixelWidth: 'b0',
  pixelHeight: 'ba',
  cluster: '1f43b675',
  timestamp: 'e7',
  simpleBlock: 'a3',
  void: 'ec',
} as const;

const CODEC_ID: Readonly<Record<CameraCodec, string>> = {
  h264: 'V_MPEG4/ISO/AVC',
  h265: 'V_MPEGH/ISO/HEVC',
  mjpeg: 'V_MJPEG',
};

/** Size of an element whose end is that of the stream. */
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');
const NANOSECONDS_PER_MS = 1_000_000;
const VIDEO_TRACK = 1;
/** The decoder reads the size of the frames from their parameter sets. */
const ANY_SIZE = 16;

/** Beginning of a live Matroska stream with one video track and timestamps in ms. */
export function matroskaHeader(codec: CameraCodec): Buffer {
  const head = element(
    'ebml',
    ...[integer('ebmlVersion', 1), integer('ebmlReadVersion', 1)],
    ...[integer('ebmlMaxIdLength', 4), integer('ebmlMaxSizeLength', 8)],
    ...[
      text('docType', 'matroska'),
      integer('docTypeVersion', 4),
      integer('docTypeReadVersion', 2),
    ],
  );
  const info = element(
    'info',
    integer('timestampScale', NANOSECONDS_PER_MS),
    text('muxingApp', 'vidette'),
    text('writingApp', 'vidette'),
  );
  const size = [integer('pixelWidth', ANY_SIZE), integer('pixelHeight', ANY_SIZE)];
  const track = element(
    'trackEntry',
    ...[integer('trackNumber', 1), integer('trackUid', 1), integer('trackType', VIDEO_TRACK)],
    text('codecId', CODEC_ID[codec]),
    element('video', ...size),
  );
  const segment = Buffer.concat([idOf('segment'), UNKNOWN_SIZE]);
  return Buffer.concat([head, segment, info, element('tracks', track)]);
}

const TRACK_1 = 0x81;
const KEYFRAME = 0x80;

/** A whole cluster with one access unit, whose timestamp is the arrival of the unit. */
export function matroskaCluster({ arrival, key, data }: AccessUnit): Buffer {
  const block = Buffer.from([TRACK_1, 0, 0, key ? KEYFRAME : 0]);
  return element('cluster', integer('timestamp', arrival), element('simpleBlock', block, data));
}

/**
 * Minimum size of a unit on its way to a decoder, in bytes. A socket holds about 200 KiB, which are
 * many seconds of a camera with small units, and what is in it can no longer be dropped.
 */
const LIVE_BYTES_MIN = 16 * 1024;

/** Cluster of an access unit that is decoded live, filled up to a minimum size. */
export function liveCluster(unit: AccessUnit): Buffer {
  const filling = Buffer.alloc(Math.max(0, LIVE_BYTES_MIN - unit.data.length));
  return Buffer.concat([matroskaCluster(unit), element('void', filling)]);
}

type Name = keyof typeof ID;

function element(name: Name, ...content: readonly Buffer[]): Buffer {
  const bytes = content.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([idOf(name), sizeOf(bytes), ...content]);
}

function integer(name: Name, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(name, bytes);
}

function text(name: Name, value: string): Buffer {
  return element(name, Buffer.from(value));
}

function idOf(name: Name): Buffer {
  return Buffer.from(ID[name], 'hex');
}

/** A size as a variable-length integer of eight bytes. */
function sizeOf(bytes: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(bytes) | (1n << 56n));
  return size;
}
