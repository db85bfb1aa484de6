import type { Size } from '../result/detection.js';
import type { FrameIdentity, SampledFrame } from '../video/frame-range.js';
import type { Preprocess } from '../job/job-input.js';
import type { Keyframe } from '../video/plan.js';
import type { SkippedFrame } from '../result/result.js';
import type { VideoInfo } from '../video/video.js';

/** Which frames of which file to decode. */
export interface DecodeRequest {
  /** Absolute path of the source, of a server-chosen name. */
  readonly source: string;
  /** Folder of this attempt; the decoder's files are made in it. */
  readonly folder: string;
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly seekPts: number;
  readonly frames: readonly SampledFrame[];
  /** Preprocessing in the decoder; false for none. */
  readonly preprocess: Preprocess | false;
  /** Raw output: full-size yuv420p, or planar G, B, R at this size. */
  readonly output:
    { readonly format: 'yuv420p' } | { readonly format: 'gbrp'; readonly size: Size };
  readonly signal: AbortSignal;
}

/** Raw frames one after another in one file, in the order of `frames`. */
export interface DecodedFrames {
  readonly path: string;
  readonly frameBytes: number;
  readonly frames: readonly SampledFrame[];
  readonly skipped: readonly SkippedFrame[];
}

/** Raw full-size yuv420p frames to JPEG files. */
export interface EncodeRequest {
  readonly path: string;
  readonly size: Size;
  readonly count: number;
  readonly folder: string;
  readonly preprocess: Preprocess | false;
  readonly signal: AbortSignal;
}

/** JPEGs one after another in one file, to planar G, B, R of one size. */
export interface DecodeJpegsRequest {
  readonly path: string;
  readonly count: number;
  readonly size: Size;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What probing writes and tells. */
export interface ProbedVideo {
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly keyframes: readonly Keyframe[];
  /** Local file of int64 little-endian PTS, one per frame in display order. */
  readonly tablePath: string;
  readonly warnings: readonly string[];
}

/** Reads videos: probing, decoding, encoding. */
export interface VideoTools {
  probe(source: string, folder: string, signal: AbortSignal): Promise<ProbedVideo>;
  decode(request: DecodeRequest): Promise<DecodedFrames>;
  /** Resolves with the raw file, or with undefined when not each JPEG gave a frame. */
  decodeJpegs(request: DecodeJpegsRequest): Promise<string | undefined>;
  /** Encodes each raw frame to JPEG, in order; resolves with the paths of the files. */
  encode(request: EncodeRequest): Promise<readonly string[]>;
}
