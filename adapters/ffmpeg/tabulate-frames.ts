import { AppError } from '../../domain/errors.js';
import { framePeriod } from '../../domain/video/timestamp.js';
import { watchClock } from './clock.js';
import { ffprobeArguments, type ProbeRun, runFfprobe } from './ffprobe.js';
import { createFrameTable, type FrameTable, type FrameTableSummary } from './frame-table.js';
import type { Listing } from './listed-frame.js';
import type { ProbeSettings, StreamInfo } from './probe-stream.js';
import { trackSpecifier } from './tracks.js';

/** Frames that a decoder can hold back: 16 in H.264 and HEVC. */
export const DECODER_DELAY_MAX = 16;

export interface ListRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  /** File that receives the table. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface ListedTable extends FrameTableSummary {
  /** Number of listed packets or frames, with those that are not shown. */
  readonly listed: number;
  /** Whether the file ends before the packets of its index (MP4 and MOV). */
  readonly isPartial: boolean;
  /** Whether the clock of the video is set back, as after a restart of a camera. */
  readonly jumpsBack: boolean;
}

/** Streams ffprobe's lines into a frame table. Resolves with undefined if a frame has no PTS. */
export async function tabulateFrames(
  settings: ProbeSettings,
  request: ListRequest,
  { entries, parse, isDecoded }: Listing,
): Promise<ListedTable | undefined> {
  const { stream, path } = request;
  const table = createFrameTable(path, !isDecoded);
  const times = checkTimes(table, isDecoded ? stream : undefined);
  const clock = watchClock(stream);
  const run = listEntries(settings, request, entries);
  let listed = 0;
  try {
    for await (const line of run.lines) {
      // Side data, such as an encoder's comment, adds an empty line to its frame.
      if (line === '') continue;
      if (++listed > settings.maxFrames) throw tooManyFrames(settings);
      const { pts, dts, isKey, discard } = parse(line);
      clock.add(dts);
      if (!discard && !(await times.add(pts, isKey))) return undefined;
    }
    await times.addLast();
    return {
      ...(await table.finish()),
      listed,
      isPartial: isPartial(run),
      jumpsBack: clock.isSetBack(),
    };
  } finally {
    table.close();
  }
}

function listEntries(
  { ffprobe, maxPixels }: ProbeSettings,
  { stream, source, signal }: ListRequest,
  entries: string,
): ProbeRun {
  const args = ffprobeArguments(source, maxPixels, { entries, streams: trackSpecifier(stream) });
  return runFfprobe(ffprobe, [...args, '-of', 'csv=p=0'], signal);
}

function isPartial({ complaints }: ProbeRun): boolean {
  return complaints.some((line) => line.endsWith(': partial file'));
}

/**
 * Adds frames to a table as long as each has a PTS. The last ones of a decoder, returned after the
 * last packet, may have none: they follow at the frame rate.
 * @param decoded stream whose decoded frames are added; undefined for packets.
 */
function checkTimes(table: FrameTable, decoded: StreamInfo | undefined) {
  let untimed = 0;
  let last: number | undefined;
  return {
    /** Resolves with false if the frame has no usable PTS. */
    add: async (pts: number | undefined, isKey: boolean): Promise<boolean> => {
      if (pts === undefined) {
        return decoded !== undefined && last !== undefined && ++untimed <= DECODER_DELAY_MAX;
      }
      if (untimed > 0) return false;
      await table.add(pts, isKey);
      last = pts;
      return true;
    },
    addLast: async (): Promise<void> => {
      for (let i = 1; i <= untimed; i++) {
        await table.add(last! + Math.round(i * framePeriod(decoded!)), false);
      }
    },
  };
}

function tooManyFrames({ maxFrames }: ProbeSettings): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The video has more than ${maxFrames} frames (VIDETTE_MAX_FRAMES).`,
  );
}
