import { secondsOf } from '../../domain/video/timestamp.js';
import type { FrameList } from './list-frames.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import type { DeclaredLength, ProbeSettings, StreamInfo } from './probe-stream.js';

/** Containers whose header declares the length of the file, but not the number of frames. */
const DECLARES_LENGTH = new Set(['matroska', 'flv', 'asf', 'ivf']);
/** Time that the end of a file may differ from its header, in seconds. */
const FILE_SLACK_S = 1;
/** Frames by which reordered timestamps can differ from a number of frames. */
const REORDER_SLACK_FRAMES = 2;

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
  const { stream, list } = request;
  if (list.identity !== 'pts' || !stream.frame_rate) return { frames: 0, warnings: [] };
  const rate = stream.frame_rate.num / stream.frame_rate.den;
  const frames = await countMissing(settings, request, rate);
  return { frames, warnings: frames > 0 ? [warningOf(list.table.frameCount, frames)] : [] };
}

/** @param rate frames per second */
async function countMissing(
  settings: ProbeSettings,
  request: MissingRequest,
  rate: number,
): Promise<number> {
  const { declared, list, stream } = request;
  const { firstPts, lastPts, listed, isPartial } = list.table;
  const containers = stream.container.split(',');
  const endS = secondsOf(lastPts, stream) + 1 / rate;
  if (containers.some((name) => DECLARES_LENGTH.has(name))) {
    return missingInFile(settings, request, { endS, rate });
  }
  if (declared.frames === undefined) return 0;
  if (containers.includes('mov')) return isPartial ? Math.max(0, declared.frames - listed) : 0;
  if (!containers.includes('avi')) return 0;
  const byTime = declared.frames - Math.round((endS - secondsOf(firstPts, stream)) * rate);
  return byTime > REORDER_SLACK_FRAMES ? byTime : 0;
}

function warningOf(found: number, missing: number): string {
  return (
    `The file is cut off: it contains ${found} of ${found + missing} frames, the last ${missing} are ` +
    'missing. Copy or record it again to process them.'
  );
}

/** The length of a file is that of its longest stream; the others are read if the video is shorter. */
async function missingInFile(
  settings: ProbeSettings,
  { declared: { fileS }, stream, source, signal }: MissingRequest,
  { endS, rate }: { readonly endS: number; readonly rate: number },
): Promise<number> {
  if (fileS === undefined) return 0;
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
