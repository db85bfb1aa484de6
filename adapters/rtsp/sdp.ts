import { parse, parseParams } from 'sdp-transform';
import type { NalCodec } from '../../domain/stream/access-unit.js';
import { NAL_FORMATS } from './nal.js';
import { trimStartCodes } from './start-codes.js';
import { RELAY_ADVICE, streamError } from './stream-error.js';

/** The video of a camera, as its SDP describes it. */
export interface VideoTrack {
  readonly codec: NalCodec;
  readonly payloadType: number;
  /** Ticks of RTP timestamps per second. */
  readonly clockRate: number;
  /** URL of SETUP, absolute or relative; undefined: that of the session. */
  readonly control: string | undefined;
  /** VPS, SPS and PPS, in this order. */
  readonly parameterSets: readonly Buffer[];
  /** Frames per second that the camera declares. */
  readonly frameRate: number | undefined;
}

/** The parser turns every text that is an integer into a number, whatever its declared type is. */
type Media = ReturnType<typeof parse>['media'][number];

const CODECS: ReadonlyMap<string, NalCodec> = new Map([
  ['H264', 'h264'],
  ['H265', 'h265'],
  ['HEVC', 'h265'],
]);
/** Names that messages may show; others could be anything. */
const OTHER_CODECS = [
  'JPEG',
  'MP4V-ES',
  'MPV',
  'MP2T',
  'H261',
  'H263',
  'H266',
  'VP8',
  'VP9',
  'AV1',
];
const JPEG_PAYLOAD_TYPE = 26;
const CLOCK_RATE = 90_000;
const PARAMETER_SETS = ['sprop-vps', 'sprop-sps', 'sprop-pps', 'sprop-parameter-sets'] as const;

/**
 * Finds the first video that can be read. @param shown URL without secrets.
 * @throws AppError `STREAM_NO_VIDEO` or `STREAM_CODEC_UNSUPPORTED`.
 */
export function parseVideoTrack(sdp: string, shown: string): VideoTrack {
  const videos = parse(sdp).media.filter(({ type }) => type === 'video');
  if (videos.length === 0) {
    const advice = 'Check that the URL is that of a video stream, and that the camera sends video.';
    throw streamError('STREAM_NO_VIDEO', `${shown} offers no video`, advice);
  }
  for (const video of videos) {
    for (const format of video.rtp) {
      const codec = codecOf(format.codec);
      if (codec) return trackOf(video, format, codec, shown);
    }
  }
  const names = videos.map(nameOfCodec).join(', ');
  throw unsupported(`${shown} sends video in an unsupported codec (${names})`);
}

function trackOf(
  video: Media,
  { payload, rate }: Media['rtp'][number],
  codec: NalCodec,
  shown: string,
): VideoTrack {
  const config = video.fmtp.find((fmtp) => fmtp.payload === payload)?.config ?? '';
  const parameters = parseParams(String(config));
  if (isInterleaved(parameters)) {
    throw unsupported(`${shown} sends video with interleaved packets, which is unsupported`);
  }
  const frameRate = Number(video.framerate ?? 0);
  return {
    codec,
    payloadType: payload,
    clockRate: rate !== undefined && rate > 0 ? rate : CLOCK_RATE,
    control: video.control === undefined ? undefined : String(video.control),
    parameterSets: parameterSetsOf(codec, parameters),
    frameRate: frameRate > 0 ? frameRate : undefined,
  };
}

type FmtpParameters = ReturnType<typeof parseParams>;

/** Interleaving of H.264 (packetization mode 2) or H.265 (decoding order numbers) changes payloads. */
function isInterleaved(parameters: FmtpParameters): boolean {
  const mode = Number(parameters['packetization-mode'] ?? 0);
  return mode === 2 || Number(parameters['sprop-max-don-diff'] ?? 0) > 0;
}

function parameterSetsOf(codec: NalCodec, parameters: FmtpParameters): Buffer[] {
  const { parameterSets, typeOf } = NAL_FORMATS[codec];
  const texts = PARAMETER_SETS.flatMap((name) => String(parameters[name] ?? '').split(','));
  const sets = texts.map((text) => trimStartCodes(Buffer.from(text, 'base64')));
  return parameterSets.flatMap((type) =>
    sets.filter((set) => set.length > 0 && typeOf(set) === type),
  );
}

function codecOf(name: string): NalCodec | undefined {
  return CODECS.get(String(name).toUpperCase());
}

function nameOfCodec({ rtp, payloads = '' }: Media): string {
  const offered = rtp.map(({ codec }) => String(codec).toUpperCase());
  const known = offered.filter((name) => OTHER_CODECS.includes(name));
  if (String(payloads).split(' ').includes(String(JPEG_PAYLOAD_TYPE))) known.push('JPEG');
  return known.length > 0 ? [...new Set(known)].join(', ') : 'unknown';
}

function unsupported(what: string) {
  const advice = `Set the camera to H.264 or H.265. If that is not possible, ${RELAY_ADVICE}`;
  return streamError('STREAM_CODEC_UNSUPPORTED', what, advice);
}
