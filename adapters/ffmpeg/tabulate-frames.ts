import { AppError } from '../../domain/errors.js';
import { watchClock } from './clock.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import { createFrameTable, type FrameTableSummary } from './frame-table.js';
import type { Listing } from './listed-frame.js';
import type { ProbeSettings, StreamInfo } from './probe-stream.js';
import { trackSpecifier } from './tracks.js';

export interface ListRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  /** File that receives the table. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface ListedTable extends FrameTableSummary {
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
  const clock = watchClock(stream);
  let listed = 0;
  try {
    for await (const line of listLines(settings, request, entries)) {
      if (++listed > settings.maxFrames) throw tooManyFrames(settings);
      const { pts, dts, isKey, discard } = parse(line);
      clock.add(dts);
      if (discard) continue;
      if (pts === undefined) return undefined;
      await table.add(pts, isKey);
    }
    return { ...(await table.finish()), jumpsBack: clock.isSetBack() };
  } finally {
    table.close();
  }
}

async function* listLines(
  { ffprobe, maxPixels }: ProbeSettings,
  { stream, source, signal }: ListRequest,
  entries: string,
): AsyncGenerator<string> {
  const args = ffprobeArguments(source, maxPixels, { entries, streams: trackSpecifier(stream) });
  for await (const line of runFfprobe(ffprobe, [...args, '-of', 'csv=p=0'], signal).lines) {
    // Side data, such as an encoder's comment, adds an empty line to its frame.
    if (line !== '') yield line;
  }
}

function tooManyFrames({ maxFrames }: ProbeSettings): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The video has more than ${maxFrames} frames (VIDETTE_MAX_FRAMES).`,
  );
}
