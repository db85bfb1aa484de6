import { ProtocolError } from './stream-error.js';

/** Names are in lower case. */
export type Header = readonly [name: string, value: string];

/** The head of a response or of a request of the server. */
export interface MessageHead {
  /** Status of a response; undefined for a request. */
  readonly status: number | undefined;
  /** Method of a request; undefined for a response. */
  readonly method: string | undefined;
  readonly headers: readonly Header[];
}

export interface Message extends MessageHead {
  readonly body: string;
}

/** Limit of a body; an SDP has a few kilobytes. */
const BODY_MAX_BYTES = 64 * 1024;

const RESPONSE = /^RTSP\/1\.\d (\d{3})(?: |$)/;
const REQUEST = /^([A-Z_]{1,32}) \S+ RTSP\/1\.\d$/;

/** Parses the lines before the empty one. @throws ProtocolError. */
export function parseHead(bytes: Buffer): MessageHead {
  const text = bytes.toString('latin1');
  if (/[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)/.test(text))
    throw new ProtocolError('sent an invalid header');
  const [start = '', ...lines] = text.split(/\r?\n/);
  const status = RESPONSE.exec(start)?.[1];
  const method = REQUEST.exec(start)?.[1];
  if (status === undefined && method === undefined) throw notRtsp();
  return {
    status: status === undefined ? undefined : Number(status),
    method,
    headers: lines.flatMap(parseHeader),
  };
}

/** Size of the body that a head announces. @throws ProtocolError. */
export function bodyBytes(head: MessageHead): number {
  const text = headerOf(head, 'content-length') ?? '0';
  const length = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (length <= BODY_MAX_BYTES) return length;
  throw new ProtocolError(`announced a body that is not between 0 and ${BODY_MAX_BYTES} bytes`);
}

/** First value of a header. */
export function headerOf(head: MessageHead, name: string): string | undefined {
  return headersOf(head, name)[0];
}

/** All values of a header. */
export function headersOf({ headers }: MessageHead, name: string): string[] {
  return headers.filter(([key]) => key === name).map(([, value]) => value);
}

export function notRtsp(): ProtocolError {
  return new ProtocolError('sent bytes that are not RTSP');
}

/** Formats a request without a body. */
export function formatRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url} RTSP/1.0`, ...lines, '', ''].join('\r\n');
}

function parseHeader(line: string): Header[] {
  const colon = line.indexOf(':');
  if (colon < 1) return [];
  return [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
}
