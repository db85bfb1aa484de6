import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { textColourOn } from '../../domain/result/class-colours.js';
import type { Bbox, Size } from '../../domain/result/detection.js';
import type { CaptionText, DrawnBox, Overlay } from '../../domain/ports/video-renderer.js';
import type { VideoInfo } from '../../domain/video/video.js';
import { wrapText } from './wrap-text.js';

const FILE = 'overlay.ass';
/**
 * The overlay's clock runs so many times faster than the video: its format knows hundredths of a
 * second only, and frames may lie closer than that.
 */
const CLOCK = 100;
/** A row begins so long before its frame, in milliseconds, that no rounding hides it there. */
const EARLY_MS = 0.2;
/** Colour of the styles; each event sets its own. */
const WHITE = '&H00FFFFFF';

/** Height of a line of a caption, and width of its mean letter, as shares of the font size. */
const LINE_HEIGHT = 1.25;
const LETTER_WIDTH = 0.6;

/**
 * Writes drawings as vectors with their times into a folder, and resolves with the filters that draw
 * them. Captions are below the frames, which become higher.
 */
export async function writeOverlay(
  folder: string,
  overlay: Overlay,
  video: Pick<VideoInfo, 'size'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = overlayText(overlay, video);
  await pipeline(Readable.from(text), createWriteStream(join(folder, FILE)), { signal });
  const added = captionHeight(overlay, video.size);
  const room = added > 0 ? [`pad=iw:ih+${added}:0:0:black`] : [];
  return [...room, `setpts=PTS*${CLOCK}`, `ass=filename=${FILE}`, `setpts=PTS/${CLOCK}`];
}

/** The overlay in pieces. */
export async function* overlayText(
  overlay: Overlay,
  { size }: Pick<VideoInfo, 'size'>,
): AsyncGenerator<string> {
  yield headerOf(size, captionHeight(overlay, size));
  for await (const { boxes, caption = [], fromMs, toMs } of overlay.drawings) {
    const times = `${timeOf(fromMs)},${timeOf(toMs)}`;
    yield (
      boxes.map((box) => eventsOf(box, times, size)).join('') + captionEvents(caption, times, size)
    );
  }
}

/** Height of the captions below a frame, in pixels: even, as H.264 has sizes. */
function captionHeight({ captionLines = 0 }: Overlay, size: Size): number {
  return 2 * Math.ceil((captionLines * LINE_HEIGHT * fontSizeOf(size)) / 2);
}

/** Width of a box's edge, in pixels. */
function edgeOf({ width, height }: Size): number {
  return Math.max(2, Math.round(Math.min(width, height) / 270));
}

function fontSizeOf({ width, height }: Size): number {
  return Math.max(10, Math.round(Math.min(width, height) / 30));
}

function headerOf(size: Size, captionHeight: number): string {
  const font = `DejaVu Sans,${fontSizeOf(size)},${`${WHITE},`.repeat(4)}0`;
  const style = (name: string, border: string) =>
    `Style: ${name},${font},0,0,0,100,100,0,0,${border},0,0,0,1\n`;
  return [
    '[Script Info]\nScriptType: v4.00+\nWrapStyle: 2\nScaledBorderAndShadow: yes\n',
    `PlayResX: ${size.width}\nPlayResY: ${size.height + captionHeight}\n\n[V4+ Styles]\n`,
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, ',
    'Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, ',
    'Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n',
    style('Box', '1,0,0,7'),
    style('Label', '3,2,0,1'),
    style('Caption', '1,0,0,7'),
    '\n[Events]\n',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n',
  ].join('');
}

/** Returns the events of a box and its label. */
function eventsOf(drawn: DrawnBox, times: string, size: Size): string {
  const { box, colour, label, edge = 1 } = drawn;
  const fill = toBgr(colour);
  const pixels = Math.max(1, Math.round(edge * edgeOf(size)));
  const drawing = `{\\an7\\pos(0,0)\\1c${fill}\\p1}${ringOf(box, pixels)}`;
  const ring = eventOf(0, times, 'Box', drawing);
  if (label === undefined) return ring;
  const colours = `\\1c${toBgr(textColourOn(colour))}\\3c${fill}`;
  return (
    ring + eventOf(1, times, 'Label', `{${labelPlace(drawn, size)}${colours}}${escaped(label)}`)
  );
}

function eventOf(layer: number, times: string, style: string, text: string): string {
  return `Dialogue: ${layer},${times},${style},,0,0,0,,${text}\n`;
}

/** Places a label above or below its box, or inside if that leaves the frame. */
function labelPlace({ box, isLabelBelow = false }: DrawnBox, size: Size): string {
  const [x, top, , bottom] = box;
  const edge = edgeOf(size);
  const room = fontSizeOf(size) * 1.5;
  const above = (y: number) => `\\an1\\pos(${x + 2},${y - 2})`;
  const below = (y: number) => `\\an7\\pos(${x + 2},${y + 2})`;
  if (isLabelBelow) return bottom < size.height - room ? below(bottom) : above(bottom - edge);
  return top > room ? above(top) : below(top + edge);
}

/** Returns the events of the paragraphs below a frame, each under the one before. */
function captionEvents(caption: readonly CaptionText[], times: string, size: Size): string {
  const font = fontSizeOf(size);
  const letters = Math.max(1, Math.floor(size.width / (LETTER_WIDTH * font)));
  let line = 0;
  const events = caption.flatMap(({ text, colour, lines }) => {
    const first = line;
    line += lines;
    return wrapText(text, letters, lines).map((part, index) => {
      const y = size.height + Math.round((first + index) * LINE_HEIGHT * font);
      const place = `{\\an7\\pos(2,${y})\\1c${toBgr(colour)}}`;
      return eventOf(1, times, 'Caption', place + escaped(part));
    });
  });
  return events.join('');
}

/** The edge of a box: its outline, and one inside of it that runs the other way round. */
function ringOf([x1, y1, x2, y2]: Bbox, edge: number): string {
  const [l, t, r, b] = [x1 + edge, y1 + edge, x2 - edge, y2 - edge];
  const outer = `m ${x1} ${y1} l ${x2} ${y1} ${x2} ${y2} ${x1} ${y2}`;
  const isSolid = r <= l || b <= t;
  return isSolid ? outer : `${outer} m ${l} ${t} l ${l} ${b} ${r} ${b} ${r} ${t}`;
}

/** Converts `#rrggbb` to a colour of the format. @example toBgr('#0a64c8') // '&HC8640A&' */
function toBgr(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => colour.slice(at, at + 2).toUpperCase());
  return `&H${blue}${green}${red}&`;
}

/** Control characters and line breaks are blanks; what begins a command in the format is text. */
function escaped(name: string): string {
  const oneLine = name.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  // A word joiner keeps a backslash from what would make a command of it.
  return oneLine.replaceAll('\\', '\\\u2060').replace(/[{}]/g, String.raw`\$&`);
}

/** @param ms from the start of the container, or Infinity. @example timeOf(1000) // '0:01:39.98' */
function timeOf(ms: number): string {
  const hundredths = Math.max(0, Math.floor(((Math.min(ms, 1e9) - EARLY_MS) * CLOCK) / 10));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const s = hundredths / 100;
  return `${Math.floor(s / 3600)}:${two((s / 60) % 60)}:${two(s % 60)}.${two(hundredths % 100)}`;
}
