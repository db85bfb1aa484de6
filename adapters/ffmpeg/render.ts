import { join } from 'node:path';
import {
  BROWSER_SOUND,
  isBrowserCodec,
  SOUND_IN_MP4,
} from '../../domain/video/browser-playback.js';
import type { RenderRequest, Stills } from '../../domain/ports/video-renderer.js';
import { writeOverlay } from './ass-overlay.js';
import { runFfmpeg } from './command.js';
import { selectingFilters } from './filters.js';
import { probeSound } from './probe-sound.js';
import {
  clockOf,
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
import { trackSpecifier } from './tracks.js';
import { untrustedInput } from './whitelists.js';

/** Stills from one keyframe to the next: a player seeks in steps of this. */
const STILLS_PER_KEYFRAME = 10;
/** Units a second of stills: the muxer would change fewer, after their times are set. */
const STILLS_CLOCK = 10_000;

/**
 * Renders a video as MP4: frames by their PTS from the start of the container, as the rows of a result
 * have it, and sound as it is where an MP4 can hold it; or single frames as still images.
 */
export async function renderVideo(
  settings: RendererSettings,
  request: RenderRequest,
): Promise<string> {
  const { source, folder, overlay, stills, video, maxBytes, signal } = request;
  const sound = stills ? [] : await probeSound(settings, source, signal);
  const drawing = overlay ? await writeOverlay(folder, overlay, video, signal) : [];
  const output = join(folder, 'rendered.mp4');
  const { ok, log } = await runFfmpeg({
    ffmpeg: settings.ffmpeg,
    folder,
    input: `file:${source}`,
    inputOptions: [
      ...TOLERANT,
      ...timeOptions(request),
      // Sound is read as well, which its own list of codecs allows.
      ...untrustedInput('ffprobe', settings.maxPixels),
    ],
    outputOptions: [
      ...(stills ? stillOptions(request, stills, drawing) : pictureOptions(request, drawing)),
      ...soundOptions(sound, overlay ? SOUND_IN_MP4 : BROWSER_SOUND),
      ...containerOptions(request),
    ],
    output,
    onFrames: request.onFrames,
    signal,
  });
  if (!ok) throw notRendered(log);
  await expectWhole(output, maxBytes);
  return output;
}

/** Without these options, ffmpeg moves sound after a jump of the clock to where it continues. */
function timeOptions({ identity, stills }: RenderRequest): string[] {
  if (identity === 'ordinal') return [];
  // Stills are found by their PTS, which must not be moved.
  return stills ? ['-copyts'] : ['-copyts', '-start_at_zero'];
}

/** Frames that browsers play already are taken over as they are when nothing is drawn on them. */
function pictureOptions(request: RenderRequest, drawing: readonly string[]): string[] {
  const { overlay, video } = request;
  const map = ['-map', `0:${trackSpecifier(video)}`];
  const isCopied = !overlay && !isCounted(request) && isBrowserCodec(video);
  if (isCopied && video.codec === 'h264') return [...map, '-c:v', 'copy'];
  const counting = isCounted(request) ? [countingFilter(video)] : [];
  const filters = [...counting, ...drawing, EVEN_SIZE].join(',');
  return [...map, '-vf', filters, ...exactTimes(video.time_base), ...ENCODER];
}

function isCounted({ identity }: RenderRequest): boolean {
  return identity === 'ordinal';
}

/**
 * Frames that follow each other as still images. They have the times of the source until drawings are
 * over them; the encoded ones get new times, because filters start to count again when the size of
 * the frames changes.
 */
function stillOptions(
  request: RenderRequest,
  { frames, shownMs }: Stills,
  drawing: readonly string[],
): string[] {
  const { identity, video } = request;
  const shown = shownMs / 1000;
  const filters = [
    ...(isCounted(request) ? [countingFilter(video)] : []),
    ...selectingFilters(identity, frames),
    ...(isCounted(request) ? [] : [`setpts=PTS-${video.start_time_s}/TB`]),
    ...[...drawing, EVEN_SIZE],
  ];
  // Without B-frames, frames are encoded in the order in which they are shown.
  const times = `setts=ts=N*${shown}/TB:duration=${shown}/TB`;
  return [
    ...['-map', `0:${trackSpecifier(video)}`, '-vf', filters.join(',')],
    ...exactTimes({ num: 1, den: clockOf(video, STILLS_CLOCK) }),
    ...[...ENCODER, '-bf', '0', '-g', String(STILLS_PER_KEYFRAME), '-bsf:v', times],
  ];
}

/** @param kept codecs that are taken over as they are; others become AAC. */
function soundOptions(codecs: readonly string[], kept: ReadonlySet<string>): string[] {
  return codecs.flatMap((codec, i) => {
    const form = kept.has(codec) ? ['copy'] : ['aac', `-b:a:${i}`, '192k'];
    return ['-map', `0:a:${i}`, `-c:a:${i}`, ...form];
  });
}
