import { AppError, type ErrorCode } from '../../domain/errors.js';

export type StreamErrorCode = Extract<ErrorCode, `STREAM_${string}`>;

/** What to do about a source that this client does not read. */
export const RELAY_ADVICE =
  'put go2rtc in front of the camera and give the rtsp:// URL that go2rtc serves.';

/** Creates the error of a camera; `what` and `advice` must not contain parts of its URL but the host. */
export function streamError(
  code: StreamErrorCode,
  what: string,
  advice: string,
  cause?: unknown,
): AppError {
  return new AppError(code, `Failed to open video: ${what}. ${advice}`, {}, { cause });
}

/** The error for a camera whose connection carries nothing. @param shown URL without secrets. */
export function silentCamera(shown: string, silenceMs: number, what = 'video'): AppError {
  const advice = `Check the camera; its connection is open, but carries no ${what}.`;
  return streamError('STREAM_TIMEOUT', `${shown} sent no ${what} for ${silenceMs} ms`, advice);
}

/** A server broke the protocol or a limit; the message continues a sentence about the camera. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Translates anything that a connection throws. @param shown URL without secrets. */
export function asStreamError(error: unknown, shown: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ProtocolError) {
    const advice = 'Check that the URL is that of an RTSP stream, and restart the camera.';
    return streamError('STREAM_CONNECTION_FAILED', `${shown} ${error.message}`, advice);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return streamError(
    'STREAM_CONNECTION_FAILED',
    `${shown} cannot be reached (${code})`,
    'Check the host and the port, and that the camera is running and reachable from this host.',
    error,
  );
}
