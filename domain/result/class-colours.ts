/** Returns the colour of a class by its name, as `#rrggbb`. */
export type ColourOf = (className: string) => string;

/** Hue difference between consecutive ids in degrees: the golden angle keeps neighbours apart. */
const GOLDEN_ANGLE = 137.508;
const FIRST_HUE = 168;
const SATURATION = 0.85;
/** Lightness by id modulo the length: separates ids whose hues are close. */
const LIGHTNESS = [0.5, 0.64, 0.4, 0.56];

/** Text colours, and the relative luminance of a background at which both are readable. */
const DARK_TEXT = '#06110f';
const LIGHT_TEXT = '#ffffff';
const DARK_TEXT_LUMINANCE = 0.18;

/** Number of ids of names that are not classes of the model, such as corrections by users. */
const OTHER_IDS = 1000;

/**
 * Creates the palette of a model: the colour of a class depends on its id only, so it is the same
 * on the page, in charts, in annotated images and in annotated videos. A name that is not a class
 * of the model has a colour that depends on the name only.
 * @param classes classes of the model by class id
 */
export function createPalette(classes: readonly string[]): ColourOf {
  const ids = new Map(classes.map((name, id) => [name, id]));
  return (name) => colourOfId(ids.get(name) ?? hashName(name) % OTHER_IDS);
}

/** Colour of a class id as `#rrggbb`. @example colourOfId(0) // '#13ecc1' */
export function colourOfId(id: number): string {
  const hue = (FIRST_HUE + id * GOLDEN_ANGLE) % 360;
  const bytes = hslToRgb(hue, SATURATION, LIGHTNESS[id % LIGHTNESS.length]!); // id is an integer
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Text colour that is readable on a colour. @param colour `#rrggbb` */
export function textColourOn(colour: string): string {
  return relativeLuminance(colour) > DARK_TEXT_LUMINANCE ? DARK_TEXT : LIGHT_TEXT;
}

/** Relative luminance of WCAG 2.2, 0 to 1. @param colour `#rrggbb` */
export function relativeLuminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number]; // one value per channel
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Converts HSL to bytes of red, green and blue (CSS Color 4, section 7). */
function hslToRgb(hue: number, saturation: number, lightness: number): number[] {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const position = (offset + hue / 30) % 12;
    const share = Math.max(-1, Math.min(position - 3, 9 - position, 1));
    return Math.round((lightness - amplitude * share) * 255);
  });
}

/** FNV-1a over the code points of a name: a 32-bit hash. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193) >>> 0; // never empty
  return hash;
}
