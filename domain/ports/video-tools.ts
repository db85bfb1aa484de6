import type { ContentSize } from '../model/content-size.js';
import type { Size } from '../result/detection.js';
import type { FrameIdentity, SampledFrame } from '../video/frame-range.js';
import type { Preprocess } from '../job/job-input.js';
import type { Keyframe } from '../video/plan.js';
import type { SkippedFrame } from '../result/result.js';
import type { VideoInfo } from '../video/video.js';

/** Request to decode frames of a file. */
export interface DecodeRequest {
  /** Absolute path of the source; the server chose the name. */
  readonly source: string;
  /** Folder of this attempt, which receives the decoder's files. */
  readonly folder: string;
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly seekPts: number;
  readonly frames: readonly SampledFrame[];
  /** Preprocessing in the decoder, or false. */
  readonly preprocess: Preprocess | false;
  /** Raw output: full-size yuv420p, or planar G, B, R at this size. */
  readonly output:
    { readonly format: 'yuv420p' } | { readonly format: 'gbrp'; readonly size: ContentSize };
  readonly signal: AbortSignal;
}

/** Raw frames in one file, in the order of `frames`. */
export interface DecodedFrames {
  readonly path: string;
  readonly frameBytes: number;
  readonly frames: readonly SampledFrame[];
  readonly skipped: readonly SkippedFrame[];
}

/** Request to encode raw full-size yuv420p frames to JPEG. */
export interface EncodeRequest {
  readonly path: string;
  readonly size: Size;
  readonly count: number;
  readonly folder: string;
  readonly preprocess: Preprocess | false;
  readonly signal: AbortSignal;
}

/** JPEGs one after another in one file. */
export interface EncodedFrames {
  readonly path: string;
  /** Bytes of each JPEG, in order. */
  readonly lengths: readonly number[];
}

/** Request to decode concatenated JPEGs to planar G, B, R of one size. */
export interface DecodeJpegsRequest {
  readonly path: string;
  readonly count: number;
  readonly size: ContentSize;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Request to probe a file. */
export interface ProbeRequest {
  /** Absolute path of the source; the server chose the name. */
  readonly source: string;
  /** Folder of this attempt, which receives the frame table. */
  readonly folder: string;
  /** Video track, from 0; undefined for the one that the file marks as default. */
  readonly track?: number | undefined;
  readonly signal: AbortSignal;
}

/** Result of probing a video. */
export interface ProbedVideo {
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly keyframes: readonly Keyframe[];
  /** Local file of int64 little-endian PTS, one per frame in display order. */
  readonly tablePath: string;
  readonly warnings: readonly string[];
}

/** Probes, decodes and encodes videos. */
export interface VideoTools {
  probe(request: ProbeRequest): Promise<ProbedVideo>;
  decode(request: DecodeRequest): Promise<DecodedFrames>;
  /** Resolves with the path of the raw file, or undefined if a JPEG did not decode to a frame. */
  decodeJpegs(request: DecodeJpegsRequest): Promise<string | undefined>;
  /** Encodes each raw frame to JPEG, in order. */
  encode(request: EncodeRequest): Promise<EncodedFrames>;
}
