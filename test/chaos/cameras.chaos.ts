import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { type CameraHarness, camerasIn, decodersIn, startCameraHarness } from './camera-harness.js';
import { type CameraFault, disturbCamera } from './disturb-camera.js';
import { rounds, type Run } from './rounds.js';
import { signalOneOf } from './signals.js';

const AWAY_MS = 20_000;
/** Longer than the limit after which a silent camera is connected again. */
const SILENT_MS = [8000, 15_000] as const;

let harness: CameraHarness;
beforeAll(async () => {
  harness = await startCameraHarness();
});
afterAll(() => harness?.close(hasFailed()));

const disturbedBy =
  (fault: CameraFault): Run =>
  (trial) =>
    disturbCamera(harness, trial, fault);

const workerKilled: CameraFault = {
  inject: ({ stack: { workers } }) => Promise.resolve(workers.kill9('stream_worker')),
  reasons: ['worker_lost'],
  minS: 0.01,
};

/** If the process is replaced before the next slot, there is no gap. */
const processKilled: CameraFault = {
  inject: (_, { random }) => signalOneOf(() => camerasIn(harness), random, 'SIGKILL'),
  reasons: ['worker_lost'],
  minS: 0,
};

/** If the decoder is replaced before the next slot, there is no gap. */
const decoderKilled: CameraFault = {
  inject: (_, { random }) => signalOneOf(() => decodersIn(harness), random, 'SIGKILL'),
  reasons: ['undecodable'],
  minS: 0,
};

const decoderHung: CameraFault = {
  inject: (_, { random }) => signalOneOf(() => decodersIn(harness), random, 'SIGSTOP'),
  reasons: ['undecodable'],
  minS: 3,
};

const away: CameraFault = {
  inject: ({ camera }) => camera.away(AWAY_MS),
  reasons: ['camera_closed', 'camera_unreachable'],
  minS: AWAY_MS / 1000 - 2,
};

const silent: CameraFault = {
  inject: async ({ camera }, { random }) => {
    const ms = random.between(...SILENT_MS);
    await camera.stall(Math.round(ms));
    await sleep(ms);
  },
  reasons: ['camera_silent'],
  minS: SILENT_MS[0] / 1000 - 2,
};

/** Rows wait in the journal of the worker. */
const storeStopped: CameraFault = {
  inject: async ({ stack: { servers } }) => {
    await servers.halt('object_store');
    await sleep(AWAY_MS);
    await servers.resume('object_store');
  },
  reasons: [],
  minS: 0,
};

const { hasFailed } = rounds(
  [
    ['stream-worker-killed', disturbedBy(workerKilled)],
    ['camera-away', disturbedBy(away)],
    ['camera-process-killed', disturbedBy(processKilled)],
    ['camera-silent', disturbedBy(silent)],
    ['camera-decoder-killed', disturbedBy(decoderKilled)],
    ['camera-store-stopped', disturbedBy(storeStopped)],
    ['camera-decoder-hung', disturbedBy(decoderHung)],
  ],
  () => harness.stack.folder,
);
