import { randomBytes } from 'node:crypto';
import { UPLOADS_PREFIX } from '../../domain/names.js';

const RANDOM_BYTES = 16;
const TIME_CHARS = 9;
const KEY = new RegExp(`^${UPLOADS_PREFIX}([0-9a-z]{${TIME_CHARS}})-[0-9a-f]{${2 * RANDOM_BYTES}}`);

/** Returns an unguessable id that contains its creation time, by which uploads expire. */
export function newUploadId(now = Date.now()): string {
  const time = now.toString(36).padStart(TIME_CHARS, '0');
  return `${time}-${randomBytes(RANDOM_BYTES).toString('hex')}`;
}

/** Start of the upload of an object key in milliseconds since the epoch; undefined for other keys. */
export function uploadTimeOf(key: string): number | undefined {
  const time = KEY.exec(key)?.[1];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}
