import { resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { explainLog, tooManyPixels, unreadable } from '../ffmpeg/ffmpeg-log.js';
import { matroskaCluster, matroskaHeader } from './live-matroska.js';

export interface ProbeUnitsSettings {
  /** Path of the script that fences ffprobe in. */
  readonly launcher: string;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
}

const PROBE_MS = 10_000;
const positive = z.number().int().positive();
const OUTPUT = z.object({ streams: z.tuple([z.object({ width: positive, height: positive })]) });

/**
 * Reads the size of the frames from a keyframe and the units after it.
 * @throws AppError `LIMIT_EXCEEDED` for frames that are too large, and `STREAM_NO_VIDEO` if the size
 * is not in the units.
 */
export async function probeUnits(
  { launcher, maxPixels }: ProbeUnitsSettings,
  codec: NalCodec,
  units: readonly AccessUnit[],
  signal: AbortSignal,
): Promise<Size> {
  const input = Buffer.concat([matroskaHeader(codec), ...units.map(matroskaCluster)]);
  const { stdout, stderr } = await execa(resolve(launcher), ARGUMENTS, {
    input,
    reject: false,
    timeout: PROBE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 100_000,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return readSize(stdout, stderr, maxPixels);
}

/** Options of ffprobe for the output that {@link readSize} reads. */
export const SIZE_ENTRIES = [
  ...['-select_streams', 'V:0', '-show_entries', 'stream=width,height', '-of', 'json'],
];

const ARGUMENTS = [
  ...['-hide_banner', '-v', 'error', '-protocol_whitelist', 'pipe'],
  ...['-format_whitelist', 'matroska', '-codec_whitelist', 'h264,hevc'],
  ...[...SIZE_ENTRIES, '-f', 'matroska', '-i', 'pipe:0'],
];

/**
 * Reads the size of the frames from the output of ffprobe.
 * @throws AppError `LIMIT_EXCEEDED` for frames that are too large, and `STREAM_NO_VIDEO`.
 */
export function readSize(json: string, log: string, maxPixels: number): Size {
  const size = parseSize(json);
  if (!size) throw unreadableCamera(log, maxPixels);
  if (size.width * size.height <= maxPixels) return size;
  throw tooManyPixels(`${size.width}x${size.height}`, maxPixels);
}

function parseSize(json: string): Size | undefined {
  try {
    return OUTPUT.parse(JSON.parse(json)).streams[0];
  } catch {
    return undefined;
  }
}

function unreadableCamera(log: string, maxPixels: number): AppError {
  const problem = unreadable(log, maxPixels, 'its frames do not declare a size');
  if (problem.code === 'LIMIT_EXCEEDED') return problem;
  const reason = explainLog(log) ?? 'its frames do not declare a size';
  return new AppError(
    'STREAM_NO_VIDEO',
    `Failed to open video: the video of the camera cannot be decoded: ${reason}. ` +
      'Check that it plays in another program, and restart the camera.',
  );
}
