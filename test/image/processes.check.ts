import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { testDataFolder } from '../parity/test-data.js';
import { runByApi, statusOf } from './compose-api.js';
import { type ComposeProject, SERVICES, startComposeProject } from './compose-project.js';
import { containerOf, podman } from './containers.js';
import { countZombies, type Rights, rightsOf } from './inner-processes.js';
import { agreementOf, REQUIRED, shiftObjects } from './reference.js';
import { type ServersForContainers, startServersForContainers } from './servers.js';

const CLIP = 'one-by-one-person-detection';
const RESTRICTED: Rights = {
  ...{ user: 10_001, capabilities: 0n, noNewPrivileges: true },
  writable: ['/tmp/x', '/data/x', '/scratch/x'],
};

let servers: ServersForContainers;
let project: ComposeProject;
let key: string;
const clip = join(testDataFolder(), `videos/${CLIP}.mp4`);

beforeAll(async () => {
  servers = await startServersForContainers();
  project = await startComposeProject(servers);
});
afterAll(async () => {
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
