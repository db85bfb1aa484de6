import type { VideoInfo } from './video.js';

/** Pixels that every browser's H.264 decoder knows. */
const H264_PIXELS = new Set(['yuv420p', 'yuvj420p']);
const WEBM_CODECS = new Set(['vp8', 'vp9', 'av1']);
const MP4_CODECS = new Set(['h264', 'vp9', 'av1']);
/** Sound that browsers play in an MP4. */
export const BROWSER_SOUND: ReadonlySet<string> = new Set(['aac', 'mp3', 'opus', 'flac']);
const WEBM_SOUND = new Set(['opus', 'vorbis']);

/** Sound that an MP4 holds as it is. */
export const SOUND_IN_MP4: ReadonlySet<string> = new Set([
  ...BROWSER_SOUND,
  'ac3',
  'eac3',
  'mp2',
  'alac',
]);

/** Whether browsers decode these frames, in whatever container. */
export function isBrowserCodec({
  codec,
  pixel_format,
}: Pick<VideoInfo, 'codec' | 'pixel_format'>): boolean {
  return codec === 'h264' ? H264_PIXELS.has(pixel_format) : WEBM_CODECS.has(codec);
}

/** Start in seconds up to which a player's time is that of the rows, which count from the start. */
const START_MAX_S = 0.001;

/**
 * Media type under which browsers play a video as it is, with the times of its rows; undefined if
 * they do not, or if its timestamps do not start at 0.
 */
export function playableType(video: VideoInfo): 'video/mp4' | 'video/webm' | undefined {
  const { codec, container, sound, start_time_s, track } = video;
  const isOnly = track === undefined;
  if (!isOnly || !isBrowserCodec(video)) return undefined;
  if (Math.abs(start_time_s) > START_MAX_S) return undefined;
  const isAll = (allowed: ReadonlySet<string>) => sound.every((each) => allowed.has(each));
  if (container.includes('mp4') && MP4_CODECS.has(codec) && isAll(BROWSER_SOUND))
    return 'video/mp4';
  if (container.includes('webm') && WEBM_CODECS.has(codec) && isAll(WEBM_SOUND))
    return 'video/webm';
  return undefined;
}
