import type { FrameList } from './list-frames.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import type { DeclaredLength, ProbeSettings, StreamInfo } from './probe-stream.js';

/** Containers whose header declares the length of the file, but not the number of frames. */
const DECLARES_LENGTH = new Set(['matroska', 'flv', 'asf', 'ivf']);
/** Time that the end of a file may differ from its header, in seconds. */
const FILE_SLACK_S = 1;
/** Frames that an edit list can cut off at the end of a track, next to the declared end. */
const EDIT_SLACK_FRAMES = 2;
/** Frames by which an incomplete group of reordered frames makes a count and a time differ. */
const REORDER_DEPTH = 32;

interface MissingRequest {
  readonly stream: StreamInfo;
  readonly declared: DeclaredLength;
  readonly list: FrameList;
  readonly source: string;
  readonly signal: AbortSignal;
}

export interface MissingFrames {
  readonly frames: number;
  readonly warnings: readonly string[];
}

/** Counts the frames that a file declares and does not contain, because it was cut off. */
export async function missingFrames(
  settings: ProbeSettings,
  request: MissingRequest,
): Promise<MissingFrames> {
  const { declared, list, stream } = request;
  if (list.identity !== 'pts' || !stream.frame_rate) return { frames: 0, warnings: [] };
  const rate = stream.frame_rate.num / stream.frame_rate.den;
  const endS = secondsOf(list.table.lastPts, stream) + 1 / rate;
  const lengthS = endS - secondsOf(list.table.firstPts, stream);
  const frames =
    declared.frames === undefined
      ? await missingInFile(settings, request, { endS, rate })
      : missingInTrack(
          { frames: declared.frames, streamS: trackSeconds(declared, stream.container, rate) },
          { listed: list.table.listed, lengthS, rate },
        );
  return { frames, warnings: frames > 0 ? [warningOf(list.table.frameCount, frames)] : [] };
}

function warningOf(found: number, missing: number): string {
  return (
    `The file is cut off: it contains ${found} of ${found + missing} frames, the last ${missing} are ` +
    'missing. Copy or record it again to process them.'
  );
}

function secondsOf(pts: number, { time_base }: StreamInfo): number {
  return (pts * time_base.num) / time_base.den;
}

/** ffprobe shortens the length of an AVI track to what its file can contain. */
function trackSeconds({ frames = 0, streamS }: DeclaredLength, container: string, rate: number) {
  return container === 'avi' ? frames / rate : streamS;
}

interface FoundTrack {
  /** Number of packets, with those that are not shown. */
  readonly listed: number;
  readonly lengthS: number;
  /** Frames per second. */
  readonly rate: number;
}

/**
 * Frames that are missing by both number and time: an edit list that hides frames changes the number
 * only.
 * @example missingInTrack({ frames: 90, streamS: 3 }, { listed: 60, lengthS: 2, rate: 30 }) // 30
 */
export function missingInTrack(
  { frames = 0, streamS = 0 }: Partial<DeclaredLength>,
  { listed, lengthS, rate }: FoundTrack,
): number {
  const byNumber = frames - listed;
  const byTime = Math.round((streamS - lengthS) * rate);
  if (byNumber <= 0 || byTime <= EDIT_SLACK_FRAMES) return 0;
  return Math.abs(byNumber - byTime) <= REORDER_DEPTH ? byNumber : byTime;
}

/** The length of a file is that of its longest stream; the others are read if the video is shorter. */
async function missingInFile(
  settings: ProbeSettings,
  { declared: { fileS }, stream, source, signal }: MissingRequest,
  { endS, rate }: { readonly endS: number; readonly rate: number },
): Promise<number> {
  const isDeclared = stream.container.split(',').some((name) => DECLARES_LENGTH.has(name));
  if (fileS === undefined || !isDeclared) return 0;
  // Some writers count the length from 0, others from the first timestamp.
  const missingS = (end: number) => fileS - Math.max(end, end - stream.start_time_s);
  if (missingS(endS) <= FILE_SLACK_S) return 0;
  const atEnd = missingS(await lastTime(settings, source, signal));
  return atEnd > FILE_SLACK_S ? Math.round(atEnd * rate) : 0;
}

/** Returns the end of the last packet of all streams, in seconds. */
async function lastTime(
  { ffprobe, maxPixels }: ProbeSettings,
  source: string,
  signal: AbortSignal,
): Promise<number> {
  const args = ffprobeArguments(source, maxPixels, { entries: 'packet=pts_time,duration_time' });
  let last = 0;
  for await (const line of runFfprobe(ffprobe, [...args, '-of', 'csv=p=0'], signal).lines) {
    const [pts, duration = 0] = line.split(',').map(Number);
    const end = (pts ?? NaN) + (Number.isNaN(duration) ? 0 : duration);
    if (end > last) last = end; // false without a PTS
  }
  return last;
}
