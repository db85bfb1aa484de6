import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { RenderedSprite, SpriteRequest } from '../../domain/ports/video-renderer.js';
import { SPRITE_COLUMNS, SPRITE_TILES, tileSize } from '../../domain/video/sprite.js';
import { secondsOf } from '../../domain/video/timestamp.js';
import { runFfmpeg } from './command.js';
import { readPts } from './decoded-output.js';
import { PTS_FILE } from './filters.js';
import { countingFilter, notRendered, type RendererSettings, TOLERANT } from './render-options.js';
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

/** Number of frames above which only keyframes are decoded. */
const FRAMES_ALL_DECODED = 20_000;
/** Keyframes give a sprite if they are at least this share of its images. */
const LEAST_SHARE = 0.25;
/** Quality of the JPEG, 2 (best) to 31. */
const QUALITY = ['-q:v', '5'];

/**
 * Renders small images of a video, spread evenly, into one JPEG. Of a long video only keyframes are
 * decoded, if it has enough of them.
 */
export async function renderSprite(
  settings: RendererSettings,
  request: SpriteRequest,
): Promise<RenderedSprite> {
  const { identity, video } = request;
  const tiles = Math.min(SPRITE_TILES, video.frame_count);
  const isLong = identity === 'pts' && video.frame_count > FRAMES_ALL_DECODED;
  const found = isLong ? await run(settings, request, tiles, true) : [];
  const pts =
    found.length >= LEAST_SHARE * tiles ? found : await run(settings, request, tiles, false);
  if (pts.length === 0) {
    throw new AppError('BAD_VIDEO', 'No frame of the video can be decoded for its small images.');
  }
  const startS = identity === 'ordinal' ? 0 : video.start_time_s;
  const times_ms = pts.map((each) => Math.round((secondsOf(each, video) - startS) * 1000));
  const sprite = { tile: tileSize(video.size), columns: SPRITE_COLUMNS, times_ms };
  return { path: pathOf(request), sprite };
}

/** Returns the PTS of the images. */
async function run(
  { ffmpeg, maxPixels }: RendererSettings,
  request: SpriteRequest,
  tiles: number,
  onlyKeyframes: boolean,
): Promise<readonly number[]> {
  const { source, folder, identity, video, onFrames, signal } = request;
  await rm(join(folder, PTS_FILE), { force: true });
  const { ok, log } = await runFfmpeg({
    ...{ ffmpeg, folder, signal, onFrames, input: `file:${source}`, output: pathOf(request) },
    inputOptions: [
      ...[...TOLERANT, ...(identity === 'ordinal' ? [] : ['-copyts'])],
      ...(onlyKeyframes ? ['-skip_frame', 'nokey'] : []),
      ...untrustedInput('ffmpeg', maxPixels),
    ],
    outputOptions: [
      ...['-y', '-map', `0:${trackSpecifier(video)}`, '-an', '-sn', '-dn'],
      ...['-vf', filtersOf(request, tiles).join(',')],
      ...['-frames:v', '1', '-fps_mode', 'passthrough', ...QUALITY, '-f', 'image2', '-update', '1'],
    ],
  });
  const pts = await readPts(join(folder, PTS_FILE));
  if (!ok && pts.length === 0) throw notRendered(log);
  return pts.slice(0, tiles);
}

/** Selects the first frame of each of as many spans as there are images. */
function filtersOf({ identity, video, lastPts }: SpriteRequest, tiles: number): string[] {
  const span = Math.max(1, (lastPts - video.first_pts + 1) / tiles);
  const spanOf = (pts: string) => `floor((${pts}-(${video.first_pts}))/${span})`;
  const isNext = `gt(${spanOf('pts')},${spanOf('prev_selected_pts')})`;
  const { width, height } = tileSize(video.size);
  return [
    ...(identity === 'ordinal' ? [countingFilter(video)] : []),
    `select='if(isnan(prev_selected_pts),1,${isNext})'`,
    ...['metadata=add:key=vidette:value=1', `metadata=print:file=${PTS_FILE}:direct=1`],
    `scale=${width}:${height}:flags=area`,
    `tile=${SPRITE_COLUMNS}x${Math.ceil(tiles / SPRITE_COLUMNS)}`,
    'format=yuvj420p',
  ];
}

function pathOf({ folder }: SpriteRequest): string {
  return join(folder, 'sprite.jpg');
}
