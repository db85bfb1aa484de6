import { AppError } from '../errors.js';

/** Protocols by which cameras and files are read. */
export const CAMERA_PROTOCOLS = ['rtsp', 'rtsps', 'http', 'https', 'file'] as const;

export type CameraProtocol = (typeof CAMERA_PROTOCOLS)[number];

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Parts of a camera's URL. */
export interface CameraUrl {
  readonly protocol: CameraProtocol;
  /** Name or IP address, without the brackets of IPv6; empty for files. */
  readonly host: string;
  /** Port of the URL, or the default one of the protocol; 0 for files. */
  readonly port: number;
  /** Protocol, host and port: the only part that messages may contain; of a file, all of it. */
  readonly shown: string;
  /** URL of requests, without credentials. */
  readonly requestUrl: string;
  readonly credentials: Credentials | undefined;
}

const DEFAULT_PORTS = { rtsp: 554, rtsps: 322, http: 80, https: 443, file: 0 } as const;
const LENGTH_MAX = 2048;
const PATTERN = /^([a-z]+):\/\/([^/]*)(.*)$/is;
/** Host and port, and a query that follows them without a path. */
const ADDRESS = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?(\?.*)?$/i;

/**
 * Parses a camera's URL. Credentials end at the last "@" before the first "/", because passwords of
 * cameras contain "@", "#", ":" and "?" without escapes; "%40" is also decoded.
 * @example parseCameraUrl('rtsp://user:p@ss#word@10.0.0.7/live').credentials?.password // 'p@ss#word'
 * @param given credentials that replace those of the URL.
 * @throws AppError `INVALID_INPUT`, without the URL, which is a secret.
 */
export function parseCameraUrl(text: string, given?: Credentials): CameraUrl {
  if (text.length > LENGTH_MAX) throw invalid(`it is longer than ${LENGTH_MAX} characters`);
  const [, scheme = '', authority = '', path = ''] = PATTERN.exec(text) ?? [];
  const protocol = scheme.toLowerCase();
  if (!isCameraProtocol(protocol)) {
    const expected = CAMERA_PROTOCOLS.map((known) => `${known}://`).join(', ');
    throw invalid(`it must start with one of ${expected}`);
  }
  if (protocol === 'file') return parseFileUrl(authority, path);
  const at = authority.lastIndexOf('@');
  const { name, port, query } = parseAddress(authority.slice(at + 1));
  const shown = `${protocol}://${name}${port === undefined ? '' : `:${port}`}`;
  return {
    protocol,
    host: name.replace(/^\[|\]$/g, ''),
    port: port ?? DEFAULT_PORTS[protocol],
    shown,
    requestUrl: `${shown}${encodePath(query + path)}`,
    credentials: checkCredentials(given ?? parseCredentials(authority.slice(0, Math.max(at, 0)))),
  };
}

/**
 * Returns a camera's URL with other credentials, percent-encoded.
 * @throws AppError `INVALID_INPUT`, without the URL; also for a file, which has none.
 */
export function withCredentials(text: string, credentials: Credentials): string {
  const { protocol, shown, requestUrl } = parseCameraUrl(text, credentials);
  if (protocol === 'file') throw invalid('a file has no user name and password');
  const [username, password] = [credentials.username, credentials.password].map(encodeURIComponent);
  const { length } = `${protocol}://`;
  const host = shown.slice(length);
  return `${protocol}://${username}:${password}@${host}${requestUrl.slice(shown.length)}`;
}

/**
 * Whether a camera's URL must be sealed before it is sent to Temporal: credentials may be in front
 * of the host, or in the path or query.
 */
export function isSecret(text: string): boolean {
  const { protocol, shown, requestUrl, credentials } = parseCameraUrl(text);
  if (protocol === 'file') return false;
  const path = requestUrl.slice(shown.length);
  return credentials !== undefined || /[?]|passw|token|key=|secret/i.test(path);
}

/**
 * Returns a camera's URL as it may be logged: the protocol and host alone.
 * @example redactCameraUrl('rtsp://user:secret@10.0.0.7:8554/live?x=1') // 'rtsp://10.0.0.7:8554'
 */
export function redactCameraUrl(text: string): string {
  return parseCameraUrl(text).shown;
}

function isCameraProtocol(text: string): text is CameraProtocol {
  return (CAMERA_PROTOCOLS as readonly string[]).includes(text);
}

function parseFileUrl(authority: string, path: string): CameraUrl {
  if (authority !== '' || path === '') throw invalid('a file needs three slashes');
  const url = `file://${path}`;
  const parts = { shown: url, requestUrl: url, credentials: undefined };
  return { protocol: 'file', host: '', port: DEFAULT_PORTS.file, ...parts };
}

/** The name is a host in the form of URLs, such as `127.0.0.1` for `2130706433`. */
function parseAddress(text: string) {
  const [, host = '', digits, query = ''] = ADDRESS.exec(text) ?? [];
  const url = `http://${host}/`;
  if (host === '' || !URL.canParse(url)) throw invalid('it has no valid host');
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw invalid('its port is not between 1 and 65535');
  }
  return { name: new URL(url).hostname, port, query };
}

/** Path and query with a leading slash, and without characters that could end a request. */
function encodePath(path: string): string {
  if (/[\s\p{Cc}\p{Cs}]/u.test(path)) {
    throw invalid('its path contains a space or control character');
  }
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return absolute.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

function parseCredentials(text: string): Credentials | undefined {
  if (text === '') return undefined;
  const [username = ''] = text.split(':', 1);
  return { username: decode(username), password: decode(text.slice(username.length + 1)) };
}

/** Control characters could end the header that carries the user name. */
function checkCredentials(given: Credentials | undefined): Credentials | undefined {
  if (!given || !/\p{Cc}/u.test(given.username + given.password)) return given;
  throw invalid('its user name or password contains a control character');
}

/** Decodes escapes; a text with an invalid one has none. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(problem: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Invalid camera URL: ${problem}. Expected for example rtsp://user:password@10.0.0.7/stream1, ` +
      'http://10.0.0.7/video.mjpg or file:///videos/street.mp4. Percent-encode special characters ' +
      'of a password, or give the user name and the password as fields.',
  );
}
