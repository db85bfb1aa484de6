import type { ContentSize } from '../../domain/model/content-size.js';
import type { Size } from '../../domain/result/detection.js';
import { modelInputFilters } from '../ffmpeg/filters.js';
import { untrustedInput } from '../ffmpeg/whitelists.js';

/** Input of a decoder. */
export type DecoderInput =
  /** Access units in a live Matroska stream that this process writes. */
  | { readonly kind: 'units' }
  /** Body of an HTTP response; the time of a frame is that at which its packet was read. */
  | { readonly kind: 'body'; readonly format: BodyFormat }
  /** File by its absolute path, in real time or as fast as its frames are read. */
  | { readonly kind: 'file'; readonly path: string; readonly pace: 'realtime' | 'fast' };

/** Containers of HTTP bodies by the names of ffmpeg's demuxers. */
export type BodyFormat = 'mpegts' | 'flv' | 'mov';

export interface DecoderOutput {
  /** Number of frames per second of the input's timestamps. */
  readonly fps: number;
  /** Size of the images. */
  readonly size: ContentSize;
  /** Form of the images: planes G, B, R for a model, or a JPEG for the eye. Default: planes. */
  readonly format?: 'planes' | 'jpeg';
  /** Maximum pixels of a coded frame. */
  readonly maxPixels: number;
}

/** File descriptor on which the decoder reports the timestamp of each frame. */
export const TIMES_FD = 3;

/** Containers of files by the names of ffmpeg's demuxers: MP4, Matroska and AVI. */
const FILE_FORMATS = 'mov,matroska,avi';

/** The order matters: `-threads 1` after the input is for the encoder, which delays frames otherwise. */
export function decoderArguments(input: DecoderInput, output: DecoderOutput): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-filter_threads', '1'],
    // `-fflags nobuffer` would drop the packets of the analysis: the first keyframe.
    ...(input.kind === 'file' ? [] : ['-flags', 'low_delay']),
    ...['-copyts', '-max_error_rate', '1'],
    ...inputArguments(input, output.maxPixels),
    ...['-map', '0:V:0', '-an', '-sn', '-dn'],
    ...['-vf', filters(output)],
    ...['-fps_mode', 'passthrough', '-threads', '1', '-flush_packets', '1'],
    ...(output.format === 'jpeg' ? JPEG_OUTPUT : ['-f', 'rawvideo']),
    'pipe:1',
  ];
}

/** Boundary between the JPEGs, the one of ffmpeg. */
export const JPEG_BOUNDARY = 'ffmpeg';
const JPEG_OUTPUT = ['-c:v', 'mjpeg', '-q:v', '5', '-f', 'mpjpeg'];

/** Live Matroska has one track and declares its codec: the first unit is enough, however small. */
const NO_ANALYSIS = ['-analyzeduration', '0', '-probesize', '32', '-fpsprobesize', '0'];

/** Input options, and the input itself. */
export function inputArguments(input: DecoderInput, maxPixels: number): string[] {
  switch (input.kind) {
    case 'units':
      return unitArguments(maxPixels);
    case 'body':
      return [
        ...untrustedInput('ffmpeg', maxPixels, { protocol: 'pipe', formats: input.format }),
        ...['-use_wallclock_as_timestamps', '1', '-f', input.format, '-i', 'pipe:0'],
      ];
    case 'file':
      return [
        ...untrustedInput('ffmpeg', maxPixels, { formats: FILE_FORMATS }),
        ...(input.pace === 'realtime' ? ['-readrate', '1'] : []),
        ...['-i', `file:${input.path}`],
      ];
  }
}

/** Input options for access units in a live Matroska stream. */
export function unitArguments(maxPixels: number): string[] {
  return [
    ...[...NO_ANALYSIS, '-protocol_whitelist', 'pipe', '-format_whitelist', 'matroska'],
    ...['-codec_whitelist', 'h264,hevc', '-max_pixels', String(maxPixels)],
    ...['-f', 'matroska', '-i', 'pipe:0'],
  ];
}

/**
 * Selects the first frame of each slot, also after timestamps jumped back, and reports its time in
 * ms on {@link TIMES_FD}.
 */
function filters({ fps, size, format }: DecoderOutput): string {
  const isNewSlot = `gt(floor(t*${fps}),floor(prev_selected_t*${fps}))`;
  return [
    `select='isnan(prev_selected_t)+${isNewSlot}+lt(t,prev_selected_t)'`,
    ...(format === 'jpeg' ? jpegFilters(size) : modelInputFilters(size)),
    'settb=1/1000',
    // Only frames with metadata are printed, so each gets some.
    'metadata=add:key=vidette:value=1',
    String.raw`metadata=print:file=pipe\\:${TIMES_FD}:direct=1`,
  ].join(',');
}

/** Filters of a JPEG, whose values have the full range. */
function jpegFilters({ width, height }: Size): string[] {
  return [`scale=${width}:${height}:flags=bilinear:out_range=full`, 'format=yuvj420p'];
}
