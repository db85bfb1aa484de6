import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { FrameIdentity } from '../../domain/video/frame-range.js';
import type { ProbedVideo, ProbeRequest } from '../../domain/ports/video-tools.js';
import { runFfmpeg } from './command.js';
import { badVideo, unreadable } from './ffmpeg-log.js';
import { createFrameTable, type FrameTableSummary } from './frame-table.js';
import { probeSound } from './probe-sound.js';
import { type ProbeSettings, probeStream, type StreamInfo } from './probe-stream.js';
import { seekableKeyframes } from './recovery-points.js';
import { ffprobeArguments, runFfprobe } from './ffprobe.js';
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

/** Codecs whose packets may hold a frame that is never shown. */
const HIDDEN_FRAMES = new Set(['vp8']);

interface ListedFrame {
  /** undefined where the container has none. */
  readonly pts: number | undefined;
  readonly isKey: boolean;
  readonly discard: boolean;
}

/**
 * Lists every frame of a video in display order. The list comes from its packets, without
 * decoding; where those have no PTS, or the same twice, it comes from one decoding pass.
 */
export async function probeVideo(
  settings: ProbeSettings,
  { source, folder, track, signal }: ProbeRequest,
): Promise<ProbedVideo> {
  const { stream, ...chosen } = await probeStream(settings, { source, track, signal });
  await decodeOneFrame(settings, { stream, source, folder, signal });
  const sound = await probeSound(settings, source, signal);
  const { table, identity } = await listFrames(settings, stream, source, folder, signal);
  if (table.frameCount === 0) throw badVideo('it has no frames');
  const request = { stream, source, keyframes: table.keyframes, signal };
  const { keyframes, warnings } = await seekableKeyframes(settings, request);
  return {
    video: { ...stream, frame_count: table.frameCount, first_pts: table.firstPts, sound },
    identity,
    keyframes,
    tablePath: tablePath(folder),
    warnings: [
      ...chosen.warnings,
      ...(identity === 'ordinal' ? [NO_PTS_WARNING] : []),
      ...warnings,
    ],
  };
}

const NO_PTS_WARNING =
  'The timestamps of this video are missing or double: each range is decoded from the start.';

function tablePath(folder: string): string {
  return join(folder, 'pts.bin');
}

interface DecodeOneRequest {
  readonly stream: StreamInfo;
  readonly source: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Headers can be right and nothing behind them; a video that gives one frame is accepted. */
async function decodeOneFrame(
  { ffmpeg, maxPixels }: ProbeSettings,
  { stream, source, folder, signal }: DecodeOneRequest,
): Promise<void> {
  const map = ['-map', `0:${trackSpecifier(stream)}`, '-an', '-sn', '-dn'];
  const { ok, log } = await runFfmpeg({
    ffmpeg,
    folder,
    input: `file:${source}`,
    inputOptions: ['-threads', '1', ...untrustedInput('ffmpeg', maxPixels)],
    outputOptions: [...map, '-frames:v', '1', '-f', 'null'],
    output: '-',
    signal,
  });
  if (!ok) throw unreadable(log, maxPixels, 'its first frame cannot be decoded');
}

async function listFrames(
  settings: ProbeSettings,
  stream: StreamInfo,
  source: string,
  folder: string,
  signal: AbortSignal,
): Promise<{ table: FrameTableSummary; identity: FrameIdentity }> {
  const streams = trackSpecifier(stream);
  const list = (entries: string, parse: (line: string) => ListedFrame, reorder: boolean) =>
    tabulate(settings, ffprobeArguments(source, settings.maxPixels, { entries, streams }), {
      path: tablePath(folder),
      parse,
      reorder,
      signal,
    });
  if (!HIDDEN_FRAMES.has(stream.codec)) {
    const table = await list('packet=pts,flags', parsePacket, true);
    if (table && !table.disordered) return { table, identity: 'pts' };
  }
  const decoded = await list('frame=key_frame,best_effort_timestamp', parseFrame, false);
  if (decoded && !decoded.disordered) return { table: decoded, identity: 'pts' };
  const counted = await list('frame=key_frame', countedFrame(stream), false);
  return { table: counted!, identity: 'ordinal' };
}

interface Tabulation {
  readonly path: string;
  readonly parse: (line: string) => ListedFrame;
  readonly reorder: boolean;
  readonly signal: AbortSignal;
}

/** Streams ffprobe's lines into a frame table; undefined as soon as a frame has no PTS. */
async function tabulate(
  settings: ProbeSettings,
  args: readonly string[],
  { path, parse, reorder, signal }: Tabulation,
): Promise<FrameTableSummary | undefined> {
  const { lines } = runFfprobe(settings.ffprobe, [...args, '-of', 'csv=p=0'], signal);
  const table = createFrameTable(path, reorder);
  let count = 0;
  try {
    for await (const line of lines) {
      // Side data, such as an encoder's comment, adds an empty line to its frame.
      if (line === '') continue;
      const { pts, isKey, discard } = parse(line);
      if (discard) continue;
      if (pts === undefined) return undefined;
      if (++count > settings.maxFrames) throw tooManyFrames(settings);
      await table.add(pts, isKey);
    }
    return await table.finish();
  } finally {
    table.close();
  }
}

function tooManyFrames({ maxFrames }: ProbeSettings): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The video has more than ${maxFrames} frames (VIDETTE_MAX_FRAMES).`,
  );
}

/** @example parsePacket('80000,K_') */
function parsePacket(line: string): ListedFrame {
  const [pts, flags = ''] = line.split(',');
  return { pts: integer(pts), isKey: flags.includes('K'), discard: flags.includes('D') };
}

/** @example parseFrame('1,80000') */
function parseFrame(line: string): ListedFrame {
  const [key, pts] = line.split(',');
  return { pts: integer(pts), isKey: key === '1', discard: false };
}

/** Frames of a video without usable PTS: timestamps follow from its start and its frame rate. */
function countedFrame({ frame_rate, time_base, start_time_s }: StreamInfo): () => ListedFrame {
  const perFrame = frame_rate
    ? (frame_rate.den * time_base.den) / (frame_rate.num * time_base.num)
    : 1;
  const start = (start_time_s * time_base.den) / time_base.num;
  let frame = 0;
  return () => {
    const pts = Math.round(start + frame++ * Math.max(1, perFrame));
    return { pts, isKey: false, discard: false };
  };
}

function integer(text: string | undefined): number | undefined {
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
