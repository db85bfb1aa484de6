import { AppError } from '../../domain/errors.js';
import type { VideoInfo } from '../../domain/video/video.js';

/** A video stream that is not a cover image. */
export interface Track {
  readonly codec_name: string;
  readonly width: number;
  readonly height: number;
  readonly disposition: { readonly default: number };
}

/** Number of the track that is processed, from 0, in the order of the file. */
export interface TrackChoice {
  readonly track: number;
  readonly warnings: readonly string[];
}

/** Stream specifier of ffmpeg. @example trackSpecifier({ track: 1 }) // 'V:1' */
export function trackSpecifier({ track = 0 }: Pick<VideoInfo, 'track'>): string {
  return `V:${track}`;
}

/**
 * Chooses the requested track, else the first of known size that the file marks as default, else
 * the first of known size. If there are several and none is requested, a warning lists them.
 * @throws AppError `INVALID_INPUT` if the requested track does not exist.
 */
export function chooseTrack(tracks: readonly Track[], requested?: number): TrackChoice {
  if (requested !== undefined) {
    if (requested < tracks.length) return { track: requested, warnings: [] };
    throw missingTrack(tracks, requested);
  }
  const isKnown = ({ width, height }: Track) => width > 0 && height > 0;
  const isDefault = (each: Track) => isKnown(each) && each.disposition.default === 1;
  const found = [tracks.findIndex(isDefault), tracks.findIndex(isKnown), 0];
  const track = found.find((each) => each >= 0)!; // the last one is 0
  const warning =
    `The file has ${tracks.length} video tracks: ${listOf(tracks)}. Track ${track} is used; ` +
    'choose another with the option "track".';
  return { track, warnings: tracks.length > 1 ? [warning] : [] };
}

function missingTrack(tracks: readonly Track[], requested: number): AppError {
  return new AppError(
    'INVALID_INPUT',
    `track: the file has no video track ${requested}. Choose one of: ${listOf(tracks)}.`,
  );
}

/** @example '0 (64x48, h264), 1 (320x240, h264, default)' */
function listOf(tracks: readonly Track[]): string {
  const describe = ({ width, height, codec_name, disposition }: Track) =>
    `${width}x${height}, ${codec_name}${disposition.default === 1 ? ', default' : ''}`;
  return tracks.map((each, i) => `${i} (${describe(each)})`).join(', ');
}
