import sharp from 'sharp';
import type { Size, StoredObject } from '../../domain/result/detection.js';
import { type ColourOf, textColourOn } from '../../domain/result/class-colours.js';

/** Height of a label as a share of the image's height, and its minimum in pixels. */
const LABEL_SHARE = 1 / 36;
const LABEL_MIN = 12;
/** Width of a letter as a share of the font size. */
const LETTER_SHARE = 0.62;
const QUALITY = 90;

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Control characters, which XML does not allow even when escaped. */
// eslint-disable-next-line no-control-regex -- matched to be removed
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Draws the boxes and labels of objects on a JPEG. */
export async function annotateJpeg(
  jpeg: Buffer,
  objects: readonly StoredObject[],
  colourOf: ColourOf,
): Promise<Buffer> {
  const image = sharp(jpeg);
  const { width, height } = await image.metadata();
  const drawing = Buffer.from(annotationSvg({ width, height }, objects, colourOf));
  return image
    .composite([{ input: drawing }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** Returns boxes and labels as an SVG of the image's size. */
export function annotationSvg(
  size: Size,
  objects: readonly StoredObject[],
  colourOf: ColourOf,
): string {
  const font = Math.max(LABEL_MIN, Math.round(size.height * LABEL_SHARE));
  const shapes = objects.map((object) => objectSvg(object, colourOf(object.class), size, font));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" ` +
    `font-family="DejaVu Sans, Noto Sans, Arial, sans-serif" font-size="${font}">${shapes.join('')}</svg>`
  );
}

function objectSvg(
  { class: name, box, conf }: StoredObject,
  colour: string,
  size: Size,
  font: number,
): string {
  const [x1, y1, x2, y2] = box;
  const line = Math.max(2, Math.round(font / 8));
  const text = `${name} ${conf.toFixed(2)}`;
  const width = Math.ceil([...text].length * font * LETTER_SHARE) + line * 2;
  const height = Math.ceil(font * 1.3);
  // Above the box if there is room, and inside the image.
  const x = Math.max(0, Math.min(x1, size.width - width));
  const y = y1 >= height ? y1 - height : y1;
  return (
    `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="${colour}" stroke-width="${line}"/>` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>` +
    `<text x="${x + line}" y="${y + font}" fill="${textColourOn(colour)}">${escapeXml(text)}</text>`
  );
}

function escapeXml(text: string): string {
  return text.replace(NOT_IN_XML, '').replace(/[&<>"']/g, (sign) => ESCAPED[sign]!);
}
