import type { AppError } from '../../domain/errors.js';
import { redirected } from './connection.js';
import { headerOf, type Message } from './message.js';
import { ProtocolError, RELAY_ADVICE, streamError } from './stream-error.js';

/** Limit of a session id or a URL of the server, which requests repeat. */
const REPEATED_MAX = 1024;

/**
 * Rejects a response of RTSP or HTTP that is not a success. Messages name the status alone, because a
 * server may repeat secrets in its texts. @throws AppError `STREAM_*`.
 */
export function expectSuccess(
  { status = 0 }: Pick<Message, 'status'>,
  { method, shown, hasCredentials }: { method: string; shown: string; hasCredentials: boolean },
): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) throw redirected(shown);
  if (status === 401 || status === 403) throw rejected(shown, status, hasCredentials);
  if (status === 404) {
    const advice = 'Check the path of the URL in the manual or the web page of the camera.';
    throw streamError('STREAM_NOT_FOUND', `${shown} has no stream at this path (404)`, advice);
  }
  if (status === 461) throw transportUnsupported(shown);
  const advice = 'Restart the camera, and check that it does not have too many viewers.';
  throw streamError(
    'STREAM_CONNECTION_FAILED',
    `${shown} answered ${method} with ${status}`,
    advice,
  );
}

function rejected(shown: string, status: number, hasCredentials: boolean): AppError {
  const what = hasCredentials
    ? `${shown} rejected the user name or the password (${status})`
    : `${shown} requires a user name and a password (${status})`;
  const advice =
    'Check both, and wait before another try: many cameras lock out an address after a few, and ' +
    'some also answer this if they have too many viewers.';
  return streamError('STREAM_AUTH_FAILED', what, advice);
}

function transportUnsupported(shown: string): AppError {
  const what = `${shown} does not send video over TCP`;
  const advice = `Enable RTSP over TCP in the camera. If that is not possible, ${RELAY_ADVICE}`;
  return streamError('STREAM_TRANSPORT_UNSUPPORTED', what, advice);
}

/** Channels of the RTP and RTCP packets. */
export interface Channels {
  readonly rtp: number;
  readonly rtcp: number;
}

/** Reads the channels from a response to SETUP. @throws AppError `STREAM_TRANSPORT_UNSUPPORTED`. */
export function readChannels(response: Message, shown: string): Channels {
  const transport = headerOf(response, 'transport') ?? 'RTP/AVP/TCP;interleaved=0-1';
  const [, rtp, rtcp] = /interleaved\s*=\s*(\d{1,3})(?:-(\d{1,3}))?/i.exec(transport) ?? [];
  if (rtp === undefined && !/\/TCP\b/i.test(transport)) throw transportUnsupported(shown);
  const first = Number(rtp ?? 0);
  return { rtp: first, rtcp: Number(rtcp ?? first + 1) };
}

export interface SessionHeader {
  /** Undefined if the server sends none. */
  readonly id: string | undefined;
  readonly timeoutS: number;
}

/** Session timeout if the server sends none (RFC 2326, 12.37), in seconds. */
const DEFAULT_TIMEOUT_S = 60;

/** Reads the session from a response to SETUP. @throws ProtocolError. */
export function readSession(response: Message): SessionHeader {
  const [, id, rest = ''] = /^\s*([^;\s]+)(.*)$/.exec(headerOf(response, 'session') ?? '') ?? [];
  const timeoutS = Number(/;\s*timeout\s*=\s*(\d{1,9})/i.exec(rest)?.[1] ?? DEFAULT_TIMEOUT_S);
  return { id: id === undefined ? undefined : expectShort(id), timeoutS };
}

/** Returns a text of the server that requests repeat. @throws ProtocolError. */
export function expectShort(text: string): string {
  if (text.length <= REPEATED_MAX && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new ProtocolError('sent a session id or a URL that is invalid or too long');
}
