import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '../../domain/errors.js';
import type { SampledFrame } from '../../domain/frame-range.js';
import { yuv420pBytes } from '../../domain/plan.js';
import type { DecodedFrames, DecodeRequest } from '../../domain/ports.js';
import { type MediaTool, runFfmpeg } from './command.js';
import { complaintOf } from './complaints.js';
import {
  networkFilters,
  normaliseFilters,
  preprocessFilters,
  PTS_FILE,
  selectFilters,
} from './filters.js';
import { untrustedInput } from './whitelists.js';

export interface DecoderSettings {
  readonly ffmpeg: MediaTool;
  readonly maxPixels: number;
}

/** Seconds before the keyframe at which decoding starts when the start of a range was missed. */
const SEEK_EARLIER_S = [0, 0.5, 10];
/** MPEG-TS is searched by byte position and lands late. */
const SEEK_EARLIER_MPEGTS_S = [0.5, 10];

/**
 * Decodes the sampled frames of one range into one raw file. Frames are told by the PTS that
 * ffmpeg reports for each; when the first ones are missing it seeks earlier, at last to the start.
 */
export async function decodeFrames(
  settings: DecoderSettings,
  request: DecodeRequest,
): Promise<DecodedFrames> {
  let log = '';
  let found: readonly SampledFrame[] = [];
  for (const seekS of seekPoints(request)) {
    ({ found, log } = await decodeFrom(settings, request, seekS));
    if (found[0]?.frame === request.frames[0]!.frame) break;
  }
  const have = new Set(found.map(({ frame }) => frame));
  const complaint = complaintOf(log);
  const reason = `not decodable${complaint ? `: ${complaint}` : ''}`;
  const skipped = request.frames
    .filter(({ frame }) => !have.has(frame))
    .map(({ frame }) => ({ frame, reason }));
  return { path: rawPath(request), frameBytes: frameBytes(request), frames: found, skipped };
}

/** Timestamps in seconds to start from, undefined for the start of the file. */
function seekPoints({ identity, seekPts, video }: DecodeRequest): (number | undefined)[] {
  const keyframeS = (seekPts * video.time_base.num) / video.time_base.den;
  const earlier = video.container.includes('mpegts') ? SEEK_EARLIER_MPEGTS_S : SEEK_EARLIER_S;
  const seekable = identity === 'pts' && seekPts !== video.first_pts;
  const points = seekable ? earlier.map((s) => keyframeS - s) : [];
  return [...points.filter((s) => s > video.start_time_s), undefined];
}

async function decodeFrom(
  settings: DecoderSettings,
  request: DecodeRequest,
  seekS: number | undefined,
): Promise<{ found: SampledFrame[]; log: string }> {
  const { folder, frames, signal } = request;
  await rm(join(folder, PTS_FILE), { force: true });
  const { ok, log } = await runFfmpeg({
    ffmpeg: settings.ffmpeg,
    folder,
    input: `file:${request.source}`,
    inputOptions: inputOptions(settings, seekS),
    outputOptions: outputOptions(request),
    output: rawPath(request),
    signal,
  });
  const found = await framesWritten(request, ok, log);
  return { found: found.slice(0, frames.length), log };
}

function inputOptions({ maxPixels }: DecoderSettings, seekS: number | undefined): string[] {
  // Rounded up, for the keyframe itself must not lie behind the target.
  const target = seekS === undefined ? [] : ['-ss', (Math.ceil(seekS * 1e6) / 1e6).toFixed(6)];
  const seek = target.length ? ['-seek_timestamp', '1', '-noaccurate_seek', ...target] : [];
  return [
    '-max_error_rate',
    '1',
    '-copyts',
    '-threads',
    '1',
    ...untrustedInput('ffmpeg', maxPixels),
    ...seek,
  ];
}

function outputOptions({ identity, frames, video, preprocess, output }: DecodeRequest): string[] {
  const filters = [
    ...selectFilters(identity, frames),
    ...normaliseFilters(video),
    ...preprocessFilters(preprocess, 'limited'),
    ...(output.format === 'gbrp' ? networkFilters(output.size) : []),
  ];
  return [
    ...['-map', '0:V:0', '-an', '-sn', '-dn'],
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

/** The frames that are whole in the raw file, by the PTS that were written beside it. */
async function framesWritten(
  request: DecodeRequest,
  ok: boolean,
  log: string,
): Promise<SampledFrame[]> {
  const { identity, frames, folder } = request;
  const written = await stat(rawPath(request)).catch(() => undefined);
  const whole = Math.floor((written?.size ?? 0) / frameBytes(request));
  const pts = await readPts(join(folder, PTS_FILE));
  // ffmpeg may drop frames between filter and file only by failing: then their tail is missing.
  if (pts.length !== whole && ok) {
    throw new AppError(
      'DECODE_FAILED',
      `ffmpeg reported ${pts.length} frames and wrote ${whole}. ${log}`,
    );
  }
  if (identity === 'ordinal') return frames.slice(0, Math.min(whole, pts.length));
  const byPts = new Map(frames.map((frame) => [frame.pts, frame]));
  return pts.slice(0, whole).map((value) => byPts.get(value)!);
}

async function readPts(path: string): Promise<number[]> {
  const pts: number[] = [];
  if (!(await stat(path).catch(() => undefined))) return pts;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const value = /\bpts:(-?\d+|nan|NOPTS)/i.exec(line)?.[1];
    if (value) pts.push(Number(value));
  }
  return pts;
}
