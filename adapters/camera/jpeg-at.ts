import { resolve } from 'node:path';
import { execa } from 'execa';
import type { AccessUnit, NalCodec } from '../../domain/stream/access-unit.js';
import { unitArguments } from './decoder-arguments.js';
import { matroskaCluster, matroskaHeader } from './live-matroska.js';

export interface JpegAtSettings {
  /** Path of the script that fences ffmpeg in. */
  readonly launcher: string;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
}

const LIMIT_MS = 20_000;
const JPEG_BYTES_MAX = 32 * 1024 ** 2;

/**
 * Decodes the first frame at or after a time, in ms since 1970, of units that start with a keyframe.
 * @returns a JPEG of the size of the frame; undefined if the frame does not exist or is damaged.
 */
export async function jpegAt(
  { launcher, maxPixels }: JpegAtSettings,
  units: readonly AccessUnit[],
  atMs: number,
): Promise<Buffer | undefined> {
  const [first] = units;
  if (!first) return undefined;
  if (first.codec === 'mjpeg') return units.find(({ arrival }) => arrival >= atMs)?.data;
  const { stdout } = await execa(resolve(launcher), jpegArguments(maxPixels, atMs), {
    input: matroskaOf(first.codec, units),
    encoding: 'buffer',
    reject: false,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: JPEG_BYTES_MAX,
  });
  return stdout.length > 0 ? Buffer.from(stdout) : undefined;
}

function matroskaOf(codec: NalCodec, units: readonly AccessUnit[]): Buffer {
  return Buffer.concat([matroskaHeader(codec), ...units.map(matroskaCluster)]);
}

/** The times of units are their PTS in ms. */
function jpegArguments(maxPixels: number, atMs: number): string[] {
  const filters = [`select='gte(pts,${atMs})'`, 'scale=out_range=full', 'format=yuvj420p'];
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-filter_threads', '1'],
    ...['-copyts', '-max_error_rate', '1', ...unitArguments(maxPixels)],
    ...['-map', '0:V:0', '-vf', filters.join(','), '-frames:v', '1', '-threads', '1'],
    ...['-fps_mode', 'passthrough', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe', 'pipe:1'],
  ];
}
