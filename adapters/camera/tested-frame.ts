import { join } from 'node:path';
import sharp from 'sharp';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { availableFences, createLauncher } from '../ffmpeg/launcher.js';
import { jpegAt, type JpegAtSettings } from './jpeg-at.js';

export interface TestedFrameSettings {
  /** Folder for scripts that fence ffmpeg and ffprobe in. */
  readonly folder: string;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** Address space of each of them in bytes. */
  readonly memoryBytes: number;
  readonly maxPixels: number;
  /** Whether a frame is decoded and returned. */
  readonly withFrame: boolean;
}

/** Maximum width of a frame that a test returns, in pixels. */
const WIDTH = 960;

/** Writes the script that fences a tool in for a test. */
export async function fencedTool(
  settings: TestedFrameSettings,
  name: 'ffmpeg' | 'ffprobe',
): Promise<JpegAtSettings> {
  const { folder, memoryBytes, maxPixels } = settings;
  const limits = { timeoutS: undefined, memoryBytes, fileBytes: 2 ** 20 };
  const tool = { name: `${name}-camera`, path: settings[`${name}Path`] };
  const launcher = await createLauncher(join(folder, 'bin'), tool, limits, await availableFences());
  return { launcher, maxPixels };
}

/** Returns a decoded frame in base64; undefined if it is not wanted, or cannot be decoded. */
export async function frameOf(
  settings: TestedFrameSettings,
  decode: (ffmpeg: JpegAtSettings) => Promise<Buffer | undefined>,
): Promise<string | undefined> {
  if (!settings.withFrame) return undefined;
  const jpeg = await decode(await fencedTool(settings, 'ffmpeg'));
  if (!jpeg) return undefined;
  const image = sharp(jpeg, { limitInputPixels: settings.maxPixels });
  const small = image.resize({ width: WIDTH, withoutEnlargement: true }).jpeg();
  return small.toBuffer().then(
    (frame) => frame.toString('base64'),
    () => undefined,
  );
}

/** Decodes the newest keyframe of units; undefined if there is none. */
export async function newestJpeg(
  ffmpeg: JpegAtSettings,
  units: readonly AccessUnit[],
): Promise<Buffer | undefined> {
  const key = units.findLastIndex((unit) => unit.key);
  const newest = key < 0 ? [] : units.slice(key);
  return jpegAt(ffmpeg, newest, newest[0]?.arrival ?? 0);
}
