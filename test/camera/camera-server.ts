import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import type { Credentials } from '../../domain/stream/camera-url.js';
import type { KeyPair } from '../support/tls.js';
import type { CameraClip } from './camera-clip.js';

export type AuthMethod = 'basic' | 'md5' | 'sha256';

export interface CameraServerOptions {
  readonly clip: CameraClip;
  /** Credentials that clients must have; default: none. */
  readonly credentials?: Credentials;
  /** Default: `md5`. */
  readonly auth?: AuthMethod;
  /** Certificate for `rtsps`; default: no TLS. */
  readonly tls?: KeyPair;
}

/** An RTSP server on loopback that repeats a clip. */
export interface CameraServer {
  readonly url: string;
  /** Stops the video for some time; connections stay open. */
  stall(ms: number): Promise<void>;
  /** Closes all connections and the port for some time; resolves when clients can connect again. */
  away(ms: number): Promise<void>;
  readonly close: () => Promise<void>;
}

/** An implementation of RTSP. */
export interface ServerKind {
  readonly name: string;
  /** Reason why it cannot be started here. */
  readonly missing?: string | undefined;
  /** Methods by which it authenticates clients on loopback. */
  readonly auth: readonly AuthMethod[];
  readonly hasTls: boolean;
  start(options: CameraServerOptions): Promise<CameraServer>;
}

/** Path of the stream of every server. */
export const STREAM = 'live';

const [START_MS, RESPONSE_MS] = [60_000, 5000];

/** Statuses of a server that has its stream, or requires credentials before it describes it. */
const STREAM_STATUSES = [200, 401];

/** Request by which a server shows that it is ready, and the statuses of its response. */
export interface ReadinessRequest {
  readonly method?: 'DESCRIBE' | 'OPTIONS';
  readonly statuses?: readonly number[];
}

/** Waits until a server answers a request, by default DESCRIBE, with one of some statuses. */
export async function waitForStream(
  port: number,
  { method = 'DESCRIBE', statuses = STREAM_STATUSES }: ReadinessRequest = {},
): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (statuses.includes(await requestStatus(port, method))) return;
    await sleep(100);
  }
  throw new Error(`No stream on port ${port} within ${START_MS} ms`);
}

/** Status of the response to a request; NaN without a response. */
async function requestStatus(port: number, method: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const url = `rtsp://127.0.0.1:${port}/${STREAM}`;
    socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n`);
    const signal = AbortSignal.timeout(RESPONSE_MS);
    const [response] = (await once(socket, 'data', { signal })) as [Buffer];
    return Number(/^RTSP\/1\.0 (\d{3})/.exec(response.toString('latin1'))?.[1]);
  } catch {
    return NaN;
  } finally {
    socket.destroy();
  }
}

/** Starts a server, whose errors are shown. */
export function startProcess(path: string, options: readonly string[]): ResultPromise {
  return execa(path, options, {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
}

/** Kills a process and waits for its end. */
export async function end(child: ResultPromise): Promise<void> {
  child.kill('SIGKILL');
  await child.catch(() => undefined);
}

/** Suspends a process for some time; resolves once it is suspended. */
export function suspend(child: ResultPromise, ms: number): Promise<void> {
  child.kill('SIGSTOP');
  setTimeout(() => child.kill('SIGCONT'), ms);
  return Promise.resolve();
}
