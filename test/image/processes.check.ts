import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { DetectionResult } from '../../domain/result/result.js';
import { testDataFolder } from '../parity/test-data.js';
import { type ConnectedStack, connectTo } from '../support/connected-stack.js';
import { runByApi, statusOf } from './compose-api.js';
import {
  type ComposeProject,
  HOST,
  listenAt,
  SERVICES,
  startComposeProject,
  type ServiceName,
} from './compose-project.js';
import { containerOf, podman, startForTest } from './containers.js';
import { countZombies, killLane, type Rights, rightsOf } from './inner-processes.js';
import { agreementOf, REQUIRED, shiftObjects } from './reference.js';
import { type ServersForContainers, startServersForContainers } from './servers.js';

/** Grace period of the workers in docker-compose.yml, which podman-compose does not pass on. */
const GRACE_S = 60;
/** Time in which a worker returns its ranges and ends: 10 s for activities, 15 s until it is killed. */
const ENDS_IN_MS = 25_000;
const CLIP = 'one-by-one-person-detection';
const RESTRICTED: Rights = {
  ...{ user: 10_001, capabilities: 0n, noNewPrivileges: true },
  writable: ['/tmp/x', '/data/x', '/scratch/x'],
};
const JOB = { video_id: 'image-clip', frames: 'none', preprocess: false } as const;

let servers: ServersForContainers;
let project: ComposeProject;
let stack: ConnectedStack;
let key: string;
/** Result of the job whose lane was killed. */
let killed: DetectionResult;
const clip = join(testDataFolder(), `videos/${CLIP}.mp4`);

beforeAll(async () => {
  servers = await startServersForContainers();
  project = await startComposeProject(servers);
  stack = await connectTo(servers.settings, servers.folder);
  await stack.putVideo(JOB.video_id, clip);
});
afterAll(async () => {
  await stack?.close();
  await project?.remove();
  await servers?.stop();
});

describe('the services of docker-compose.yml, by podman-compose, on real servers', () => {
  it('have prepared the servers with the model of the image', async () => {
    const { stdout, stderr } = await project.init.output();
    expect(stdout + stderr).toContain('model: yolox_nano, version 1, licence Apache-2.0');
    expect(stdout + stderr).not.toMatch(/GitHub|AGPL|Downloading/);
    const state = ['inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}'];
    expect(await podman([...state, project.init.name])).toBe('exited 0');
  });

  it.each(SERVICES)('start %s until it is ready', async (name) => {
    await expect.poll(() => statusOf(`${project.url(name)}/readyz`)).toBe(200);
    expect(await project.container(name).exitCodeOf(['node', 'healthcheck.mjs'])).toBe(0);
  });

  it.each(SERVICES)('restrict %s, which writes to its folders only', async (name) => {
    expect(await rightsOf(project.container(name))).toEqual(RESTRICTED);
    const find = 'find / -name deviceid -not -path "/proc/*" 2>/dev/null; true';
    expect(await project.container(name).exec(['bash', '-c', find])).toBe('');
  });

  it('require a key, which the command line in the container makes', async () => {
    expect(await statusOf(`${project.url('api')}/api/v1/jobs`)).toBe(401);
    const create = ['keys', 'create', 'check', '--scopes', 'read,write'];
    key = await project.container('api').exec(['node', 'dist/cli/main.js', ...create]);
    expect(key).toMatch(/^vidette_\S+$/);
  });

  it('run a job of the HTTP API to the result of the reference', async () => {
    const api = { url: project.url('api'), key };
    const result = await runByApi(api, clip, { frames: 'packed', preprocess: false });
    expect(agreementOf(CLIP, result)).toBeGreaterThanOrEqual(REQUIRED);
    // The comparison fails for objects of other frames.
    expect(agreementOf(CLIP, shiftObjects(result))).toBeLessThan(REQUIRED);
  });
});

describe('a job whose processes are killed in their container', () => {
  it('has the same result after SIGKILL of a lane, which is logged and replaced', async () => {
    const worker = project.container('detect-worker');
    const job = await stack.start({ ...JOB, event_id: 'image-lane-killed' });
    const lane = await killLane(worker);
    await job.result();
    killed = await stack.result('image-lane-killed');
    expect(agreementOf(CLIP, killed)).toBeGreaterThanOrEqual(REQUIRED);
    const records = await worker.records();
    const lost = records.findIndex((record) => record.msg === 'lane lost');
    expect(records[lost]).toMatchObject({
      lane,
      reason: expect.stringContaining('SIGKILL') as string,
    });
    const started = records.slice(lost).filter((record) => record.msg === 'lane started');
    expect(started.map((record) => record['lane'])).not.toContain(lane);
    expect(started.length).toBeGreaterThan(0);
    await expect.poll(() => countZombies(worker)).toBe(0);
  });

  it('continues in another container after SIGTERM of the worker with a range', async () => {
    const worker = project.container('detect-worker');
    const job = await stack.start({ ...JOB, event_id: 'image-worker-ended' });
    await stack.reached(job, 1);
    expect(await timeStop('detect-worker')).toBeLessThan(ENDS_IN_MS);
    expect(await worker.isRunning()).toBe(false);
    const { frames_done: done, frames_total: total } = await stack.progress(job);
    expect(done).toBeLessThan(total);
    const image = inject('images').cpu;
    await startForTest({
      ...{ image, network: 'host', command: ['node', 'dist/workers/detect/main.js'] },
      settings: { ...servers.settings, ...listenAt(String(await getPort({ host: HOST }))) },
    });
    await job.result();
    expect((await stack.result('image-worker-ended')).frames).toEqual(killed.frames);
  });

  it.each(['video-worker', 'api'] as const)('leaves %s, which ends by SIGTERM', async (name) => {
    expect(await timeStop(name)).toBeLessThan(ENDS_IN_MS);
  });
});

it('would notice a container without limits or without an init process', async () => {
  const name = `vidette-check-${randomUUID().slice(0, 8)}`;
  const { cpu: image } = inject('images');
  await podman(['run', '--detach', '--name', name, '--entrypoint', 'sleep', image, '300']);
  const plain = containerOf(name);
  onTestFinished(() => plain.remove());
  const { capabilities, noNewPrivileges } = await rightsOf(plain);
  expect([capabilities === 0n, noNewPrivileges]).toEqual([false, false]);
  await plain.exec(['bash', '-c', '(sleep 0.1 &)']);
  await expect.poll(() => countZombies(plain)).toBe(1);
});

/** Stops a service as Compose does; resolves with the time that it takes in milliseconds. */
async function timeStop(name: ServiceName): Promise<number> {
  const started = performance.now();
  expect(await project.container(name).stop(GRACE_S)).toBe(0);
  const ms = Math.round(performance.now() - started);
  console.log(`image cpu: ${name} ended ${ms} ms after SIGTERM`);
  return ms;
}
