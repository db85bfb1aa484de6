import { sha256 } from '../hash.js';

const SALT = 'audit\0';
/** Number of hexadecimal digits of the hash that are compared with the rate. */
const DIGITS = 8;

/**
 * Whether predictions of an image belong to the audit sample. This depends on the image alone, so the
 * sample is independent of the result, and the same image is always or never in it.
 * @param rate share of all images, 0 to 1.
 */
export function isAudited(imageSha256: string, rate: number): boolean {
  const hash = Number.parseInt(sha256(`${SALT}${imageSha256}`).slice(0, DIGITS), 16);
  return hash / 16 ** DIGITS < rate;
}
