import { parseCameraUrl } from '../../domain/stream/camera-url.js';

/** Shortest text that is replaced: a shorter one would damage messages and hide nothing. */
const LENGTH_MIN = 4;
const REPLACEMENT = '[redacted]';

/**
 * Returns a function that removes the secrets of a camera's URL from texts: credentials, path and
 * query, plain and percent-encoded.
 */
export function createRedactor(url: string): (text: string) => string {
  const { protocol, shown, requestUrl, credentials } = parseCameraUrl(url);
  if (protocol === 'file') return (text) => text;
  const { username = '', password = '' } = credentials ?? {};
  const path = requestUrl.slice(shown.length + 1);
  const secrets = [url, path, password, username]
    .flatMap((text) => [text, encodeURIComponent(text), encodeURI(text)])
    .filter((text) => text.length >= LENGTH_MIN)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, REPLACEMENT), text);
}
