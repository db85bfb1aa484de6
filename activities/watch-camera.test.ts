import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ActivityCancellationDetails } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { DesiredState } from '../domain/stream/scenario-control.js';
import type {
  StreamStatus,
  WatchedWindow,
  WatchInput,
} from '../domain/stream/scenario-contracts.js';
import type { AttachOptions, DetachReason } from '../streams/camera-host.js';
import {
  CAMERA_LOAD,
  createScriptedHost,
  FRAME_SIZE,
  type ScriptedHost,
} from '../test/support/scripted-host.js';
import { sealedScenario } from '../test/support/scenarios.js';
import { watchCamera, type WatchCameraDeps } from './watch-camera.js';

const scenario = sealedScenario({ yield_after_s: 10 });
const INPUT: WatchInput = {
  ...{ scenario, model: { name: 'mock', version: 1, sha256: 'a'.repeat(64) } },
  ...{ window: 7, started_at: '2026-01-11T12:30:00.000Z', absence: 'paused' },
};
const LOG_END = { next: 12, accountedTo: 1_768_134_605_000 };
const URL = 'rtsp://user:geheim@10.0.0.7/live';

let host: ScriptedHost;
let environment: MockActivityEnvironment;
let desired: DesiredState | undefined;
let waiting: number;
let kept: string[];
let deps: WatchCameraDeps;
beforeEach(() => {
  host = createScriptedHost(LOG_END);
  environment = createEnvironment();
  desired = 'running';
  waiting = 0;
  kept = [];
  deps = {
    ...{ host, hostQueue: 'stream-host-1', address: 'http://127.0.0.1:1' },
    cameras: { urlOf: () => Promise.resolve(URL) },
    models: { fetch: () => Promise.resolve({ path: '/model.onnx' } as never) }, // the host ignores it
    slots: { enter: () => () => undefined, keep: (uuid) => kept.push(uuid) },
    tokens: { during: (_, __, work) => work() },
    attached: { add: () => () => undefined },
    runs: { desired: () => Promise.resolve(desired) },
    queues: { state: () => Promise.resolve({ waiting, oldestS: 0, pollers: 1 }) },
    dayEndOf: (_, now) => now + 60_000,
    yieldCheckMs: 5,
  };
});

function createEnvironment(info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {}) {
  return new MockActivityEnvironment(
    { taskQueue: 'stream', workflowExecution: { workflowId: 'w', runId: 'r' }, ...info },
    { logger: new DefaultLogger('ERROR') },
  );
}

function watch(): Promise<WatchedWindow> {
  return environment.run<[WatchCameraDeps, WatchInput], WatchedWindow, typeof watchCamera>(
    watchCamera,
    deps,
    INPUT,
  );
}

/** Cancels the activity as Temporal does. */
function cancel(details: ConstructorParameters<typeof ActivityCancellationDetails>[0]): void {
  environment.cancel('CANCELLED', new ActivityCancellationDetails(details));
}

/** Waits until the activity has attached. */
const attached = () => expect.poll(() => host.attachments).toHaveLength(1);

describe('watchCamera', () => {
  it('attaches with the epoch of the window and the attempt', async () => {
    environment = createEnvironment({ attempt: 3 });
    const watching = watch();
    await attached();
    const options: Partial<AttachOptions> = host.attachments[0]!;
    expect(options).toMatchObject({ epoch: '000000007-0000000003', cameraUrl: URL, scenario });
    host.end();
    await watching;
  });

  it.each<[wish: DesiredState | undefined, detach: DetachReason]>([
    ['paused', 'paused'],
    ['stopped', 'stopped'],
    ['running', 'hand_over'],
    [undefined, 'hand_over'],
  ])('detaches if its workflow wants the scenario %s: %s', async (wish, detach) => {
    const watching = watch();
    await attached();
    desired = wish;
    cancel({ cancelRequested: true });
    const queue = { host_queue: 'stream-host-1' };
    expect(await watching).toEqual({ end: 'detached', ...queue, ...LOG_END });
    expect(host.detached).toEqual([detach]);
    expect(kept).toEqual(detach === 'hand_over' ? [scenario.scenario_uuid] : []);
  });

  it('returns when the file has ended', async () => {
    const watching = watch();
    await attached();
    host.end();
    expect(await watching).toMatchObject({ end: 'file' });
    expect(host.detached).toEqual(['stopped']);
  });

  it('leaves the camera running at the end of the day', async () => {
    deps = { ...deps, dayEndOf: (_, now) => now + 5 };
    expect(await watch()).toMatchObject({ end: 'day' });
    expect(host.detached).toEqual(['hand_over']);
    expect(kept).toEqual([scenario.scenario_uuid]);
  });

  it.each([{ workerShutdown: true }, { notFound: true }, { timedOut: true }])(
    'leaves the camera running for the next attempt after %o',
    async (details) => {
      const watching = watch();
      await attached();
      desired = 'stopped';
      cancel(details);
      await expect(watching).rejects.toMatchObject({ name: 'CancelledFailure' });
      expect(host.detached).toEqual(['hand_over']);
    },
  );

  it('closes the camera and fails if the input is wrong', async () => {
    const watching = watch();
    await attached();
    host.end(new AppError('INVALID_INPUT', 'The file is outside of VIDETTE_FILE_ROOT.'));
    await expect(watching).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(host.detached).toEqual(['stopped']);
  });

  it('gives the slot of a camera that is away to a waiting scenario, for some minutes', async () => {
    environment = createEnvironment({ attempt: 2 });
    host.status = away(11);
    const watching = watch();
    await attached();
    waiting = 1;
    const expected = { type: 'CAMERA_AWAY', nonRetryable: false, nextRetryDelay: 120_000 };
    await expect(watching).rejects.toMatchObject(expected);
    expect(host.detached).toEqual(['yielded']);
  });

  it.each<[what: string, status: StreamStatus, waits: number]>([
    ['no scenario waits', away(11), 0],
    ['it was away for a short time', away(5), 1],
    ['it is live', { ...away(11), state: 'live' }, 1],
  ])('keeps its slot if %s', async (_, status, waits) => {
    host.status = status;
    waiting = waits;
    const watching = watch();
    await attached();
    await new Promise((resolve) => setTimeout(resolve, 30));
    host.end();
    expect(await watching).toMatchObject({ end: 'file' });
  });

  it('sends the status of the camera, the size of its frames and the address of the worker in heartbeats', async () => {
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    host.status = away(11);
    const watching = watch();
    await expect
      .poll(() => beats)
      .toContainEqual({
        ...{ ...host.status, ...CAMERA_LOAD, frame_size: FRAME_SIZE, address: deps.address },
      });
    host.end();
    await watching;
    expect(JSON.stringify(beats)).not.toContain('geheim');
  });
});

describe('the absences before an attempt', () => {
  async function absences(info: Parameters<typeof createEnvironment>[0]) {
    environment = createEnvironment(info);
    const watching = watch();
    await attached();
    host.end();
    await watching;
    return host.attachments[0]!.absences!.map(({ reason }) => reason);
  }

  it('contain the reason of the workflow, and the time in the queue', async () => {
    const now = Date.now();
    expect(await absences({ attempt: 1, scheduledTimestampMs: now })).toEqual(['paused']);
    host = createScriptedHost(LOG_END);
    deps = { ...deps, host };
    const scheduledTimestampMs = now - 2000;
    expect(await absences({ attempt: 1, scheduledTimestampMs })).toEqual([
      'paused',
      'waiting_slot',
    ]);
  });

  it('are none for a worker that was lost', async () => {
    const heartbeatDetails = { ...away(11), state: 'live' };
    expect(await absences({ attempt: 2, heartbeatDetails })).toEqual([]);
  });

  it('continue the gap of a camera that was away', async () => {
    expect(await absences({ attempt: 2, heartbeatDetails: away(11) })).toEqual([
      'camera_unreachable',
    ]);
  });
});

function away(seconds: number): StreamStatus {
  return {
    ...{ state: 'unreachable', since: new Date(Date.now() - seconds * 1000).toISOString() },
    ...{ message: 'Failed to open video.', frame_number: 11, fps: 0, lag_ms: 0 },
  };
}
