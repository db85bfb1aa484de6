import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedStream, Stream, StreamAccount } from '../../client/index.js';
import { type CameraKind, type CameraVideo, startBenchCamera } from '../cameras/bench-camera.js';
import type { BenchCamera } from '../cameras/mjpeg-camera.js';
import type { OwnStack } from '../own-stack.js';

/** A scenario that watches a camera of a benchmark. */
export interface BenchScenario {
  readonly uuid: string;
  readonly kind: CameraKind;
}

const LIVE_TIMEOUT_MS = 120_000;
/** Time for which a busy machine may not answer. */
const BUSY_TIMEOUT_MS = 300_000;
const UNAVAILABLE = 503;

/** Settings of a stack whose cameras are on loopback. */
export const LOOPBACK = { VIDETTE_CAMERA_NETWORKS: '127.0.0.0/8' };

/**
 * Sends a request to the HTTP API of a stack, again while a server of it does not answer in time.
 * @throws Error with the response.
 */
async function callApi<T>({ apiUrl }: OwnStack, path: string, body?: unknown): Promise<T> {
  const url = `${apiUrl}/api/v1${path}`;
  for (const deadline = Date.now() + BUSY_TIMEOUT_MS; ; await sleep(1000)) {
    const response = await fetch(url, body === undefined ? {} : post(body));
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    const isBusy = response.status === UNAVAILABLE && Date.now() < deadline;
    if (!isBusy) throw new Error(`${path}: ${response.status} ${text}`);
  }
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const readStream = (stack: OwnStack, uuid: string) =>
  callApi<Stream>(stack, `/streams/${uuid}`);

/** Accounts for a scenario from an instant on, by default from its beginning. */
export function readAccount(stack: OwnStack, uuid: string, from?: Date): Promise<StreamAccount> {
  const query = from ? `?from=${from.toISOString()}` : '';
  return callApi<StreamAccount>(stack, `/streams/${uuid}/account${query}`);
}

/** Deploys a scenario for a camera. */
export async function deploy(
  stack: OwnStack,
  camera_url: string,
  fields: object = {},
): Promise<string> {
  const message = { scenario_uuid: randomUUID(), camera_url, ...fields };
  const { scenario_uuid } = await callApi<DeployedStream>(stack, '/streams', message);
  return scenario_uuid;
}

/** Waits for the first frames of a camera. */
export async function waitUntilLive(stack: OwnStack, uuid: string): Promise<void> {
  for (const deadline = Date.now() + LIVE_TIMEOUT_MS; ; await sleep(500)) {
    const { state, message } = await readStream(stack, uuid);
    if (state === 'live') return;
    if (Date.now() > deadline) throw new Error(`${uuid} is ${state}: ${message}`);
  }
}

/** Runs work with one camera of each kind, which are closed afterwards. */
export async function withCameras(
  kinds: readonly CameraKind[],
  video: CameraVideo,
  work: (cameras: ReadonlyMap<CameraKind, BenchCamera>) => Promise<void>,
): Promise<void> {
  const cameras = new Map<CameraKind, BenchCamera>();
  try {
    for (const kind of kinds) cameras.set(kind, await startBenchCamera(kind, video));
    await work(cameras);
  } finally {
    for (const camera of cameras.values()) camera.close();
  }
}
