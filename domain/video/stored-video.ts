import { isId, keys, NAME_METADATA, VIDEO_SUFFIX, VIDEOS_PREFIX } from '../names.js';

/**
 * Returns the video id of a key of `keys.video`; undefined for any other key.
 * @example videoIdOfKey('input/cars.mp4') // 'cars'
 */
export function videoIdOfKey(key: string): string | undefined {
  const id = key.slice(VIDEOS_PREFIX.length, -VIDEO_SUFFIX.length);
  return isId(id) && keys.video(id) === key ? id : undefined;
}

/**
 * Returns the original name in the metadata of a video; undefined if it has none. A text that another
 * program stored without percent-encoding is returned as it is.
 */
export function originalNameOf(metadata: Readonly<Record<string, string>>): string | undefined {
  const encoded = metadata[NAME_METADATA];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
