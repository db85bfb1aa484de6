import type { AppError } from '../../domain/errors.js';
import { withDeadline } from '../deadline.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import { connectCamera, type ConnectOptions } from './connect-camera.js';
import { type Connection, createConnection } from './connection.js';
import { startKeepAlive } from './keep-alive.js';
import type { VideoTrack } from './sdp.js';
import { type Session, setUpSession } from './session.js';
import { startSilenceWatch } from './silence-watch.js';
import { asStreamError, ProtocolError, silentCamera, streamError } from './stream-error.js';
import {
  createTrackReader,
  type StreamStats,
  type TimedUnit,
  type TrackReader,
} from './track-reader.js';

export interface RtspCameraOptions extends ConnectOptions {
  readonly url: CameraUrl;
  /** Receives each access unit; must not throw. */
  readonly onUnit: (unit: TimedUnit) => void;
  /** Limit of connecting and starting the video, in milliseconds. */
  readonly timeoutMs?: number;
  /** Time without an access unit after which the connection ends, in milliseconds. */
  readonly silenceMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Aborts connecting and starting the video. */
  readonly signal?: AbortSignal;
}

/** A camera whose video is being read. */
export interface RtspCamera {
  readonly track: VideoTrack;
  /** Resolves with the reason when the video ends, and with undefined after `close`. */
  readonly ended: Promise<AppError | undefined>;
  readonly stats: () => StreamStats;
  /** Ends the session at the camera and closes the connection. */
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
const SILENCE_MS = 5_000;
/** Limit of the farewell to a camera that may be gone. */
const TEARDOWN_MS = 1_000;

/**
 * Opens the video of a camera over one connection; redirects are not followed.
 * @throws AppError `STREAM_*`, `URL_FORBIDDEN` or `INVALID_INPUT`; messages and facts contain nothing
 * of the URL but scheme, host and port.
 */
export async function openRtspCamera(options: RtspCameraOptions): Promise<RtspCamera> {
  const { url, timeoutMs = TIMEOUT_MS, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    return await open(options, either);
  } catch (error) {
    signal?.throwIfAborted();
    throw timeout.aborted ? lateStart(url, timeoutMs) : error;
  }
}

async function open(options: RtspCameraOptions, signal: AbortSignal): Promise<RtspCamera> {
  const { url, onUnit, now = Date.now, timeoutMs = TIMEOUT_MS } = options;
  const socket = await connectCamera(url, options, signal);
  let reader: TrackReader | undefined;
  const connection = createConnection(socket, {
    shown: url.shown,
    requestTimeoutMs: timeoutMs,
    onData: (channel, payload) => reader?.onData(channel, payload),
  });
  signal.addEventListener('abort', connection.close);
  try {
    const session = await setUpSession(connection, url);
    reader = createTrackReader({ ...session, onUnit, now });
    await session.play();
    return supervise(connection, session, reader, options);
  } catch (error) {
    connection.close();
    throw asStreamError(error, url.shown);
  } finally {
    signal.removeEventListener('abort', connection.close);
  }
}

function supervise(
  connection: Connection,
  session: Session,
  { stats }: TrackReader,
  { url: { shown }, silenceMs = SILENCE_MS }: RtspCameraOptions,
): RtspCamera {
  const stopKeepAlive = startKeepAlive({
    ...session,
    onSessionLost: () => connection.fail(new ProtocolError('ended the session')),
  });
  const stopWatch = startSilenceWatch({
    silenceMs,
    countUnits: () => stats().units,
    onSilence: () => connection.fail(silentCamera(shown, silenceMs)),
  });
  let isClosing = false;
  const ended = connection.ended.then((error) => {
    stopKeepAlive();
    stopWatch();
    return isClosing ? undefined : error;
  });
  const close = async () => {
    isClosing = true;
    await withDeadline(session.request('TEARDOWN'), TEARDOWN_MS).catch(() => undefined);
    connection.close();
  };
  return { track: session.track, ended, stats, close };
}

function lateStart({ shown }: CameraUrl, timeoutMs: number): AppError {
  const what = `${shown} did not start its video within ${timeoutMs} ms`;
  return streamError(
    'STREAM_TIMEOUT',
    what,
    'Check that the camera is reachable and not overloaded.',
  );
}
