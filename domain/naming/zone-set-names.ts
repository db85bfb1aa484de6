import { AppError } from '../errors.js';
import { expectId, isId } from './ids.js';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Ending of the keys of named zones. */
export const ZONES_SUFFIX = '.json';

/** Prefix of the keys of the named zones of a video. @throws AppError `INVALID_INPUT` of another bucket's name. */
export function zonesPrefix(bucket: string, videoId: string): string {
  if (!BUCKET.test(bucket)) {
    const received = JSON.stringify(bucket).slice(0, 82);
    throw new AppError('INVALID_INPUT', `Expected the name of a bucket, received ${received}`);
  }
  return `zones/${bucket}/${expectId('a video_id', videoId)}/`;
}

/** Returns the name of the zones whose {@link keys.zoneSet} is a key; undefined for another key. */
export function zonesNameOfKey(key: string): string | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1, -ZONES_SUFFIX.length);
  return key.endsWith(ZONES_SUFFIX) && isId(name) ? name : undefined;
}
