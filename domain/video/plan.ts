import type { Size } from '../result/detection.js';
import { countSampled, type FrameIdentity, type FrameRange } from './frame-range.js';
import type { Parameters } from '../job/job-input.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { VideoInfo } from './video.js';

/** Sampled frames after which a range ends at the next keyframe. */
export const RANGE_SAMPLES = 128;
/** Towards the end a range takes this share of the sampled frames that are left, ... */
export const LEFT_SHARE = 1 / 6;
/** ... but at least this number. */
export const RANGE_SAMPLES_MIN = 48;
/** Sampled frames of the first range, and how many more each of the next ones has. */
export const RAMP_SAMPLES = 24;
/** Sampled frames at which a range is cut, keyframe or not. */
export const RANGE_SAMPLES_MAX = 512;
/** Fewer sampled frames than this are cut into {@link SHORT_VIDEO_RANGES}, to keep all lanes busy. */
export const SHORT_VIDEO_SAMPLES = 256;
export const SHORT_VIDEO_RANGES = 4;
/** Scratch space that the raw frames of one range may take, in bytes. */
export const RANGE_SCRATCH_BYTES = 2 * 1024 ** 3;

/** A frame that decoding can start from. */
export interface Keyframe {
  readonly frame: number;
  readonly pts: number;
}

export interface PlanRequest {
  readonly frameCount: number;
  /** Frames `[from, to)` to process; default: all. */
  readonly span?: Pick<FrameRange, 'from' | 'to'>;
  /** Ascending by frame; the first stands for the start of the video even if it is not a keyframe. */
  readonly keyframes: readonly Keyframe[];
  readonly every: number;
  readonly size: Size;
}

export interface RangePlan {
  readonly ranges: readonly FrameRange[];
  /** Number of ranges that were cut in the middle of a long GOP. */
  readonly longGopCuts: number;
}

/** The video object that a job reads, pinned by its etag. */
export interface VideoSource {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

/** The plan object `tables/{event_id}/plan.json`: everything activities need to know of a video. */
export interface VideoPlan {
  readonly event_id: string;
  readonly source: VideoSource;
  readonly parameters: Parameters;
  readonly model: ModelRef;
  readonly identity: FrameIdentity;
  readonly video: VideoInfo;
  readonly sampled_frames: number;
  readonly ranges: readonly FrameRange[];
  readonly warnings: readonly string[];
}

/** Bytes of one raw frame in yuv420p. @example yuv420pBytes({ width: 4, height: 2 }) // 12 */
export function yuv420pBytes({ width, height }: Size): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/**
 * Cuts a video into ranges: each ends at the first keyframe after 128 sampled frames, and at the
 * latest at 512 or where its raw frames would fill the scratch space; a short video is cut into 4.
 * The first ranges grow from 24 sampled frames on, so that the first results come early. The last
 * ranges become smaller, so that no lane is left alone with a large one (guided
 * self-scheduling: Polychronopoulos and Kuck, IEEE Transactions on Computers C-36, 1987).
 */
export function planRanges({
  frameCount,
  span = { from: 0, to: frameCount },
  keyframes,
  every,
  size,
}: PlanRequest): RangePlan {
  const samples = countSampled(span.from, span.to, every);
  const fits = Math.max(1, Math.floor(RANGE_SCRATCH_BYTES / yuv420pBytes(size)));
  const max = Math.min(RANGE_SAMPLES_MAX, fits);
  const isShort = samples < SHORT_VIDEO_SAMPLES;
  const exact = isShort ? Math.min(max, Math.ceil(samples / SHORT_VIDEO_RANGES)) : undefined;
  const cuts = cutFrames(span, keyframes, every, max, exact);
  return {
    ranges: toRanges(span.from, cuts.ends, keyframes, every),
    longGopCuts: isShort ? 0 : cuts.forced,
  };
}

function cutFrames(
  { from: start, to }: Pick<FrameRange, 'from' | 'to'>,
  keyframes: readonly Keyframe[],
  every: number,
  max: number,
  exact: number | undefined,
) {
  const ends: number[] = [];
  let forced = 0;
  let next = 0;
  for (let from = start; from < to;) {
    const limit = frameAfterSamples(from, exact ?? max, every);
    const ramp = RAMP_SAMPLES * (ends.length + 1);
    const enough = Math.min(enoughSamples(countSampled(from, to, every)), ramp, max);
    const earliest = frameAfterSamples(from, enough, every);
    while (next < keyframes.length && keyframes[next]!.frame < earliest) next++;
    const keyframe = keyframes[next]?.frame ?? to;
    const end = Math.min(to, exact === undefined ? Math.min(keyframe, limit) : limit);
    if (end < to && end < keyframe) forced++;
    ends.push(end);
    from = end;
  }
  return { ends, forced };
}

/** Sampled frames for the next range if `left` remain. */
function enoughSamples(left: number): number {
  const share = Math.ceil(left * LEFT_SHARE);
  return Math.min(RANGE_SAMPLES, Math.max(RANGE_SAMPLES_MIN, share));
}

/** The frame_id at which `[from, frame)` holds exactly `samples` sampled frames. */
function frameAfterSamples(from: number, samples: number, every: number): number {
  return (Math.ceil(from / every) + samples) * every;
}

function toRanges(
  start: number,
  ends: readonly number[],
  keyframes: readonly Keyframe[],
  every: number,
) {
  let key = 0;
  return ends.map((to, index): FrameRange => {
    const from = ends[index - 1] ?? start;
    while (key + 1 < keyframes.length && keyframes[key + 1]!.frame <= from) key++;
    const seek_pts = keyframes[key]?.pts ?? 0;
    return { index, from, to, seek_pts, sampled: countSampled(from, to, every) };
  });
}
