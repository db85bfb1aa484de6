/** Maximum size of the encoded name: stores allow 2 KiB for all metadata of an object. */
const MAX_BYTES = 1536;

/**
 * Encodes the name of a video for the metadata of its object: percent-encoded, because headers are
 * ASCII. Halves of characters are replaced, and the end of a long name is omitted.
 */
export function encodeVideoName(name: string): string {
  let encoded = '';
  for (const character of Buffer.from(name).toString('utf8')) {
    const next = encodeURIComponent(character);
    if (encoded.length + next.length > MAX_BYTES) break;
    encoded += next;
  }
  return encoded;
}
