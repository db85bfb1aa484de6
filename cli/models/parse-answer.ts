import type { ModelInput } from '../../domain/model/model-manifest.js';

const LETTERBOX = { mode: 'letterbox', fill: 114 } as const;
const RESIZE: Readonly<Record<string, ModelInput['resize']>> = {
  letterbox: { ...LETTERBOX, anchor: 'center', rounding: 'round' },
  'letterbox-top-left': { ...LETTERBOX, anchor: 'top-left', rounding: 'truncate' },
  stretch: { mode: 'stretch' },
  'center-crop': { mode: 'center-crop' },
};

/** Ways to resize an image to a model's input. */
export const RESIZES = Object.keys(RESIZE);

/** Returns the choice that a text names; rejects with the choices. */
export function oneOf<const T extends string>(choices: readonly T[], text: string): Promise<T> {
  const choice = choices.find((each) => each === text.toLowerCase());
  if (choice !== undefined) return Promise.resolve(choice);
  return Promise.reject(new Error(`expected ${choices.join(', ')}`));
}

/** @example toResize('center-crop-256') // { mode: 'center-crop', shorter_side: 256 } */
export async function toResize(text: string): Promise<ModelInput['resize']> {
  const shorter = Number(/^center-crop-(\d{1,5})$/i.exec(text)?.[1] ?? 0);
  if (shorter > 0) return { mode: 'center-crop', shorter_side: shorter };
  return RESIZE[await oneOf(RESIZES, text)]!; // one of its keys
}

/** @example toSize('640x480') // { width: 640, height: 480 }; one number is both */
export function toSize(text: string) {
  const match = /^(\d+)(?:[x*](\d+))?$/i.exec(text);
  const width = Number(match?.[1] ?? 0);
  const height = Number(match?.[2] ?? width);
  if (width > 0 && height > 0) return { width, height };
  throw new Error('expected width and height in pixels, such as 640x480');
}

/** @example toScale('1/255') // 0.00392... */
export function toScale(text: string): number {
  const [numerator, denominator = '1', ...rest] = text.split('/');
  const value = toNumber(numerator) / toNumber(denominator);
  if (rest.length === 0 && value > 0 && Number.isFinite(value)) return value;
  throw new Error('expected a number above 0, such as 1 or 1/255');
}

/** @example toTriple('[0.5, 0.5, 0.5]') // [0.5, 0.5, 0.5] */
export function toTriple(text: string): [number, number, number] {
  const [a, b, c, ...rest] = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(toNumber);
  const isTriple = rest.length === 0 && [a, b, c].every(Number.isFinite);
  if (isTriple) return [a!, b!, c!]; // three numbers
  throw new Error('expected three comma-separated numbers');
}

function toNumber(text = ''): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
