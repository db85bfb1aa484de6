import { AppError } from '../../domain/errors.js';

/** Lines that do not describe the video, or that list allowed values. */
const NOISE = /not on whitelist|Last message repeated|could not find codec parameters/;

/** First error of a log in ffmpeg's words: one line, without addresses and paths. */
export function firstErrorLine(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() && !NOISE.test(line));
  return lines[0]
    ?.replace(/^(\[[^\]]* @ 0x[0-9a-f]+\]\s*)+/, '')
    .replace(/^file:\/.*?: (?=[A-Z])/, '')
    .replace(/\.+$/, '')
    .slice(0, 160);
}

const PLAYABLE = 'MP4, MOV, MKV, WebM, AVI, MPEG-TS, MPEG, FLV, WMV, Ogg, GIF, IVF';

/** Explanations of common errors; the first that matches a log applies. */
const MEANINGS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /Format not on whitelist/,
    `it is an image, a playlist or another unsupported kind of file (supported: ${PLAYABLE})`,
  ],
  [/moov atom not found/, 'its index is missing, as in an incomplete recording or copy'],
  [/Decoder \(codec none\)/, 'its video codec is unknown'],
  [/Cannot determine format of input stream/, 'none of its frames can be decoded'],
  [/Picture size \S+ is invalid/, 'its header states an impossible frame size'],
  [
    /^file:.*: (Invalid data found when processing input|End of file|Invalid argument)$/m,
    'its format is unknown, or its beginning is damaged',
  ],
  [/Error while decoding stream/, 'its frames are damaged or encrypted'],
];

/** ffmpeg's words that add nothing to their explanation. */
const EXPLAINED_FULLY =
  /^(Invalid |End of file|Cannot determine format|Error while decoding|Decoder \(codec none\))/;

/** Explanation of a log, followed by ffmpeg's own words if they add to it. */
export function explainLog(log: string): string | undefined {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(log))?.[1];
  const words = firstErrorLine(log);
  if (!words || (meaning && EXPLAINED_FULLY.test(words))) return meaning;
  return `${meaning ?? 'it cannot be read'} (${words})`;
}

/** Error `BAD_VIDEO` with its reason. */
export function badVideo(
  reason: string,
  advice = 'Check that it plays and is complete.',
): AppError {
  return new AppError('BAD_VIDEO', `This file cannot be decoded as video: ${reason}. ${advice}`);
}

const CONVERT =
  'Convert it with "ffmpeg -i VIDEO -c:v libx264 -crf 18 -c:a aac -sn -dn converted.mp4", and use the result.';

/** Error for a missing video stream: ffprobe exits at the first codec that is not accepted. */
export function withoutVideo(log: string, maxPixels: number): AppError {
  const codec = /Codec \(([\w-]+)\) not on whitelist/.exec(log)?.[1];
  return codec && !explainLog(log)
    ? badVideo(`one of its streams has an unsupported codec (${codec})`, CONVERT)
    : unreadable(log, maxPixels, 'it has no video stream');
}

/** Error `LIMIT_EXCEEDED` for frames that are too large. @param size such as `8192x4320`. */
export function tooManyPixels(size: string, maxPixels: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `Frames are ${size} pixels; the limit is ${maxPixels} pixels per frame (VIDETTE_MAX_PIXELS).`,
  );
}

/** Error for a file that could not be read, from the log of the attempt. */
export function unreadable(log: string, maxPixels: number, otherwise: string): AppError {
  const size = /Picture size (\d+x\d+) exceeds specified max pixel count/.exec(log)?.[1];
  return size ? tooManyPixels(size, maxPixels) : badVideo(explainLog(log) ?? otherwise);
}
