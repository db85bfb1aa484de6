import type { DecodeRequest } from '../../domain/ports/video-tools.js';
import type { SampledFrame } from '../../domain/video/frame-range.js';
import { secondsOf } from '../../domain/video/timestamp.js';

/** Timestamp in seconds to start decoding from; undefined for the start of the file. */
export type SeekPoint = number | undefined;

/** Result of decoding a range from one seek point. */
export interface Attempt {
  readonly found: readonly SampledFrame[];
  readonly log: string;
}

/** Seconds before the keyframe at which decoding starts, while frames are missing. */
const SEEK_EARLIER_S = [0, 0.5, 10];
/** A seek in MPEG-TS is by byte position, and often ends after its target. */
const SEEK_EARLIER_MPEGTS_S = [0.5, 10];
/** Distance up to which decoding from the start of the file is always tried, in seconds. */
const NEAR_START_S = 120;

/**
 * Decodes from earlier and earlier points until every frame is found, and returns the attempt with
 * the most frames, which is the last one that ran. Frames that are missing from all points before
 * the start of the file, with errors in the log, are damaged: if the start is far, it is not tried.
 */
export async function decodeMost(
  request: DecodeRequest,
  decode: (seek: SeekPoint) => Promise<Attempt>,
): Promise<Attempt> {
  const attempts: { readonly seek: SeekPoint; readonly attempt: Attempt }[] = [];
  for (const seek of seekPoints(request)) {
    if (seek === undefined && isDamaged(request, attempts)) break;
    const attempt = await decode(seek);
    if (attempt.found.length === request.frames.length) return attempt;
    attempts.push({ seek, attempt });
  }
  const last = attempts.at(-1)!;
  const best = attempts.reduce((a, b) =>
    b.attempt.found.length >= a.attempt.found.length ? b : a,
  );
  // The raw file is that of the last run.
  return best === last ? last.attempt : decode(best.seek);
}

function isDamaged(
  { frames, video }: DecodeRequest,
  attempts: readonly { readonly attempt: Attempt }[],
): boolean {
  const seconds = secondsOf(frames[0]!.pts, video) - video.start_time_s;
  const counts = new Set(attempts.map(({ attempt }) => attempt.found.length));
  const hasErrors = attempts.every(({ attempt }) => attempt.log !== '');
  return seconds > NEAR_START_S && attempts.length > 1 && counts.size === 1 && hasErrors;
}

/** Points to start from, the nearest first. A keyframe that follows the frames is not one. */
export function seekPoints({
  identity,
  seekPts,
  frames,
  video,
}: Pick<DecodeRequest, 'identity' | 'seekPts' | 'frames' | 'video'>): SeekPoint[] {
  const keyframeS = secondsOf(seekPts, video);
  const earlier = video.container.includes('mpegts') ? SEEK_EARLIER_MPEGTS_S : SEEK_EARLIER_S;
  const isSeekable = identity === 'pts' && seekPts !== video.first_pts && seekPts <= frames[0]!.pts;
  const points = isSeekable ? earlier.map((s) => keyframeS - s) : [];
  return [...points.filter((s) => s > video.start_time_s), undefined];
}

/** Target of a seek, rounded up to microseconds: the keyframe must not be after it. */
export function seekTime(seconds: number): string {
  return (Math.ceil(seconds * 1e6) / 1e6).toFixed(6);
}
