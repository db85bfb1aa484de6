import { join } from 'node:path';
import type { RenderRequest } from '../../domain/ports/video-renderer.js';
import type { ClipFrames } from '../../domain/video/clip-frames.js';
import { framePeriod, secondsOf } from '../../domain/video/timestamp.js';
import { writeOverlay } from './ass-overlay.js';
import { runFfmpeg } from './command.js';
import { ONCE } from './filters.js';
import { probeSound } from './probe-sound.js';
import {
  containerOptions,
  countingFilter,
  ENCODER,
  EVEN_SIZE,
  exactTimes,
  expectWhole,
  notRendered,
  type RendererSettings,
  TOLERANT,
} from './render-options.js';
import { type SeekPoint, seekPoints, seekTime } from './seek-points.js';
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

/** Request to render consecutive frames. */
interface ClipRequest extends RenderRequest {
  readonly clip: ClipFrames;
}

/** Options of the output that do not depend on where decoding starts. */
interface ClipOutput {
  readonly path: string;
  readonly options: readonly string[];
}

/**
 * Renders exactly the frames of a clip as MP4, from time 0 on, with their sound. While one is missing,
 * decoding starts earlier, at last at the start of the video; damaged frames then stay missing.
 */
export async function renderClip(
  settings: RendererSettings,
  request: ClipRequest,
): Promise<string> {
  const { source, folder, overlay, video, clip, maxBytes, signal } = request;
  const sound = await probeSound(settings, source, signal);
  const drawing = overlay ? await writeOverlay(folder, overlay, video, signal) : [];
  const path = join(folder, 'rendered.mp4');
  const options = [
    ...['-map', `0:${trackSpecifier(video)}`, '-vf', filtersOf(request, drawing).join(',')],
    ...exactTimes(video.time_base),
    ...ENCODER,
    ...sound.flatMap((_, i) => soundOptions(request, i)),
    ...containerOptions(request),
  ];
  for (const seek of seekPointsOf(request)) {
    const frames = await run(settings, request, { path, options }, seek);
    if (frames === clip.to - clip.from) break;
  }
  await expectWhole(path, maxBytes);
  return path;
}

function seekPointsOf({ identity, video, clip }: ClipRequest): SeekPoint[] {
  if (clip.seek_pts === undefined) return [undefined];
  const frames = [{ frame: clip.from, pts: clip.first_pts }];
  return seekPoints({ identity, video, frames, seekPts: clip.seek_pts });
}

/** Returns the number of rendered frames. @throws AppError `BAD_VIDEO`. */
async function run(
  { ffmpeg, maxPixels }: RendererSettings,
  { source, folder, identity, onFrames, signal }: ClipRequest,
  { path, options }: ClipOutput,
  seek: SeekPoint,
): Promise<number> {
  let frames = 0;
  const start = seek === undefined ? [] : ['-seek_timestamp', '1', '-noaccurate_seek', '-ss'];
  const { ok, log } = await runFfmpeg({
    ...{ ffmpeg, folder, signal, input: `file:${source}` },
    inputOptions: [
      ...[...TOLERANT, ...(identity === 'ordinal' ? [] : ['-copyts'])],
      ...untrustedInput('ffprobe', maxPixels),
      ...[...start, ...(seek === undefined ? [] : [seekTime(seek)])],
    ],
    outputOptions: ['-y', ...options],
    output: path,
    onFrames: (done) => {
      frames = done;
      onFrames(done);
    },
  });
  if (!ok) throw notRendered(log);
  return frames;
}

/** Selects the frames by their PTS or by counting; drawings are over them at their times of the video. */
function filtersOf({ identity, video, clip }: ClipRequest, drawing: readonly string[]): string[] {
  const select =
    identity === 'ordinal'
      ? [`trim=start_frame=${clip.from}:end_frame=${clip.to}`, countingFilter(video, clip.from)]
      : [
          `trim=start_pts=${clip.first_pts}:end_pts=${clip.last_pts + 1}`,
          `select='1${ONCE}'`,
          `setpts=PTS-${video.start_time_s}/TB`,
        ];
  return [...select, ...drawing, 'setpts=PTS-STARTPTS', EVEN_SIZE];
}

/** The sound of the frames, which begins with the first one. */
function soundOptions({ video, clip, identity }: ClipRequest, index: number): string[] {
  const offsetS = identity === 'ordinal' ? video.start_time_s : 0;
  const startS = secondsOf(clip.first_pts, video) - offsetS;
  const endS = secondsOf(clip.last_pts + framePeriod(video), video) - offsetS;
  const trim = `atrim=start=${startS}:end=${endS},asetpts=PTS-${startS}/TB`;
  return [
    ...['-map', `0:a:${index}`, `-filter:a:${index}`, trim],
    ...[`-c:a:${index}`, 'aac', `-b:a:${index}`, '192k'],
  ];
}
