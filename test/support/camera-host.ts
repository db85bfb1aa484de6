import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { BUCKETS } from '../../domain/names.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { createAccountant } from '../../domain/stream/account.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { epochOf } from '../../domain/stream/log/log-keys.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { StreamNotice } from '../../domain/stream/events/stream-notice.js';
import type { StoredRow } from '../../domain/stream/row.js';
import { parseScenarioInput, type ScenarioRequest } from '../../domain/stream/scenario-input.js';
import { LanePool } from '../../lanes/pool.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { projectFile } from '../../platform/package-root.js';
import { linkToParent } from '../../platform/parent-death.js';
import { createStreamMeter } from '../../runtime/metrics/stream-meter.js';
import { createCameraCommand } from '../../streams/camera-command.js';
import { createCameraHost } from '../../streams/create-camera-host.js';
import type { StreamJob, StreamResult } from '../../streams/lane-job.js';
import { cameraLauncher } from './camera-launcher.js';
import { LOG_UUID } from './log-entries.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { createMemoryAlerts } from './memory-alerts.js';
import { createMemoryStreamEvents } from './memory-stream-events.js';

const logger = pino({ level: 'silent' });

/** Camera of a test, with some parameters. */
export interface TestScenario extends Omit<
  ScenarioRequest,
  'scenario_uuid' | 'camera_url' | 'model'
> {
  readonly url: string;
  readonly model: LocalModel;
}

/**
 * Starts a host of cameras with real processes and lanes, and a log in memory.
 * @param fileRoot folder of the files that may be read.
 */
export async function startCameraHost(fileRoot?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-cameras-'));
  const store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.streams);
  const lanes = await startLanes(folder);
  const settings = {
    launcher: await cameraLauncher(join(folder, 'bin')),
    prober: await cameraLauncher(join(folder, 'bin'), 'ffprobe'),
    ...{ stallS: 30, maxPixels: 8_294_400, cameraNetworks: ['127.0.0.0/8'], deniedAddresses: [] },
    fileRoot,
  };
  const command = await createCameraCommand(projectFile('dist/streams/camera-main.js'));
  const cameras = { folder: join(folder, 'cameras'), settings, command, turnsPerModel: 2 };
  const events = createMemoryStreamEvents();
  const notices: StreamNotice[] = [];
  const meter = createStreamMeter([new Registry()]);
  const host = await createCameraHost({
    ...{ ...cameras, store, lanes, meter, logger },
    alerts: {
      alerts: createMemoryAlerts(),
      alertSender: { send: () => Promise.resolve() },
      pageUrl: undefined,
    },
    events: {
      ...{ events, objects: store, encoder: { launcher: settings.launcher, stallS: 30 } },
      notifier: { notify: (notice) => Promise.resolve(void notices.push(notice)) },
    },
  });
  const startedAt = Date.now();
  let attempt = 0;
  return {
    ...{ folder, store, events, notices },
    attach: ({ url, model, ...request }: TestScenario) => {
      const input = { ...request, scenario_uuid: LOG_UUID, camera_url: url };
      return host.attach({
        ...{ scenario: parseScenarioInput(input), cameraUrl: url, model },
        ...{ epoch: epochOf(1, ++attempt), startedAt, signal: new AbortController().signal },
      });
    },
    readLog: () => readAccounted({ store, uuid: LOG_UUID }),
    close: async () => {
      await host.close();
      await lanes.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type TestCameraHost = Awaited<ReturnType<typeof startCameraHost>>;

async function startLanes(folder: string): Promise<LanePool<StreamJob, StreamResult>> {
  // The stores are not used by lanes.
  const stores = { MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 'b' };
  return new LanePool<StreamJob, StreamResult>({
    entry: projectFile('dist/streams/lane-main.js'),
    wrapper: await linkToParent('KILL'),
    env: { ...process.env, ...stores, VIDETTE_SCRATCH_DIR: folder },
    ...{ lanes: 1, jobsPerLane: 2, timeoutMs: 60_000, factsOf: () => ({}), logger },
  });
}

/** Writes the generated model into a folder. */
export async function writeMockModel(folder: string): Promise<LocalModel> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'mock.onnx');
  await writeFile(path, bytes);
  return { manifest: { ...manifest, version: 1 }, path };
}

/** Reads a log; throws unless it accounts for all time once, with rows from 1 on. */
async function readAccounted(log: LogRef) {
  const accountant = createAccountant();
  const entries: LogEntry[] = [];
  for await (const stretch of createLogReader(log).readNew()) {
    accountant.add(stretch);
    entries.push(...stretch.entries);
  }
  const account = accountant.finish();
  if (!account || account.problems.length > 0) {
    throw new Error(`The log has problems: ${JSON.stringify(account ?? 'it is empty')}`);
  }
  const rows = entries.filter((entry): entry is StoredRow => !isGap(entry));
  const gaps = entries.filter(isGap).map(({ gap }) => gap);
  return { account, entries, rows, gaps, reasons: gaps.map(({ reason }) => reason) };
}

/** Returns the process ids of the children of a process whose commands contain a text. */
export async function childrenOf(pid: number, text: string): Promise<number[]> {
  const { stdout } = await execa('pgrep', ['-P', String(pid), '-f', text], { reject: false });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** Returns the process id of the only camera process of this test. */
export async function cameraPid(): Promise<number | undefined> {
  const [pid] = await childrenOf(process.pid, 'camera-main');
  return pid;
}
