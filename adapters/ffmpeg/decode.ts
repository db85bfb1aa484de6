import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { SampledFrame } from '../../domain/video/frame-range.js';
import { yuv420pBytes } from '../../domain/video/plan.js';
import type { DecodedFrames, DecodeRequest } from '../../domain/ports/video-tools.js';
import { type MediaTool, runFfmpeg } from './command.js';
import { firstErrorLine } from './ffmpeg-log.js';
import { readWritten, type Written } from './decoded-output.js';
import {
  normalisedInputFilters,
  normaliseFilters,
  preprocessFilters,
  PTS_FILE,
  selectFilters,
  turnFilters,
} from './filters.js';
import { type Attempt, decodeMost, type SeekPoint, seekTime } from './seek-points.js';
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

export interface DecoderSettings {
  readonly ffmpeg: MediaTool;
  readonly maxPixels: number;
}

/**
 * Decodes the sampled frames of one range into one raw file. Frames are identified by the PTS that
 * ffmpeg reports; while one is missing, decoding starts earlier, finally at the start of the file.
 */
export async function decodeFrames(
  settings: DecoderSettings,
  request: DecodeRequest,
): Promise<DecodedFrames> {
  const decode = (seek: SeekPoint) => decodeFrom(settings, request, seek);
  const { found, log } = await decodeMost(request, decode);
  const have = new Set(found.map(({ frame }) => frame));
  const complaint = firstErrorLine(log);
  const reason = `not decodable${complaint ? `: ${complaint}` : ''}`;
  const skipped = request.frames
    .filter(({ frame }) => !have.has(frame))
    .map(({ frame }) => ({ frame, reason }));
  return { path: rawPath(request), frameBytes: frameBytes(request), frames: found, skipped };
}

/**
 * ffmpeg recreates its filters when the size or format of the frames changes: they then count from 0
 * and lose earlier PTS. If that matters, an option keeps the filters.
 */
async function decodeFrom(
  settings: DecoderSettings,
  request: DecodeRequest,
  seekS: SeekPoint,
): Promise<Attempt> {
  const first = await runDecoder(settings, request, { seekS, keepFilters: isCounted(request) });
  if (isConsistent(first)) return { found: framesOf(request, first), log: first.log };
  const steady = await runDecoder(settings, request, { seekS, keepFilters: true });
  if (isConsistent(steady)) return { found: framesOf(request, steady), log: steady.log };
  const { pts, whole, log } = steady;
  throw new AppError(
    'DECODE_FAILED',
    `ffmpeg reported ${pts.length} frames and wrote ${whole}. ${log}`,
  );
}

interface DecodePass {
  readonly seekS: SeekPoint;
  /** Whether the filters are kept when the size or format of the frames changes. */
  readonly keepFilters: boolean;
}

interface Outcome extends Written {
  readonly ok: boolean;
  readonly log: string;
}

async function runDecoder(
  settings: DecoderSettings,
  request: DecodeRequest,
  way: DecodePass,
): Promise<Outcome> {
  const { folder, signal } = request;
  await rm(join(folder, PTS_FILE), { force: true });
  const { ok, log } = await runFfmpeg({
    ffmpeg: settings.ffmpeg,
    folder,
    input: `file:${request.source}`,
    inputOptions: inputOptions(settings, way),
    outputOptions: outputOptions(request, way),
    output: rawPath(request),
    signal,
  });
  return { ok, log, ...(await readWritten(folder, rawPath(request), frameBytes(request))) };
}

function isCounted({ identity }: DecodeRequest): boolean {
  return identity === 'ordinal';
}

/** If ffmpeg fails between filter and file, the last frames are missing. */
function isConsistent({ ok, pts, whole }: Outcome): boolean {
  return ok ? pts.length === whole : pts.length >= whole;
}

/** Frames that are complete in the raw file. */
function framesOf({ identity, frames }: DecodeRequest, { pts, whole }: Outcome): SampledFrame[] {
  if (identity === 'ordinal') return frames.slice(0, whole);
  const byPts = new Map(frames.map((frame) => [frame.pts, frame]));
  return pts.slice(0, whole).map((value) => byPts.get(value)!);
}

function inputOptions(
  { maxPixels }: DecoderSettings,
  { seekS, keepFilters }: DecodePass,
): string[] {
  const target = seekS === undefined ? [] : ['-ss', seekTime(seekS)];
  const seek = target.length ? ['-seek_timestamp', '1', '-noaccurate_seek', ...target] : [];
  return [
    ...['-max_error_rate', '1', '-copyts', '-threads', '1'],
    ...untrustedInput('ffmpeg', maxPixels),
    // Rotation filters are unsafe if the frame size changes, so they follow the scaling.
    ...(keepFilters ? ['-noautorotate', '-reinit_filter', '0'] : []),
    ...seek,
  ];
}

function outputOptions(request: DecodeRequest, { keepFilters }: DecodePass): string[] {
  const { identity, frames, video, preprocess, output } = request;
  const filters = [
    ...selectFilters(identity, frames),
    ...(keepFilters ? turnFilters(video) : normaliseFilters(video)),
    ...preprocessFilters(preprocess, 'limited'),
    ...(output.format === 'gbrp' ? normalisedInputFilters(output.size) : []),
  ];
  return [
    ...['-map', `0:${trackSpecifier(video)}`, '-an', '-sn', '-dn'],
    ...['-vf', filters.join(',')],
    ...['-fps_mode', 'passthrough', '-frames:v', String(frames.length)],
    ...['-f', 'rawvideo'],
  ];
}

function rawPath({ folder }: DecodeRequest): string {
  return join(folder, 'frames.raw');
}

function frameBytes({ output, video }: DecodeRequest): number {
  return output.format === 'gbrp'
    ? 3 * output.size.width * output.size.height
    : yuv420pBytes(video.size);
}
