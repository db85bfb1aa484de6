import { beforeEach, describe, expect, it } from 'vitest';
import { fakeDeployments, type StartedScenario } from '../../test/support/fake-deployments.js';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { scenarioDocument } from '../../test/support/scenarios.js';
import { scenarioFingerprint } from '../../domain/stream/scenario-input.js';
import type { VidetteClientDeps } from '../deps.js';
import { deployStream } from './deploy.js';

const SECRET = 'planted-secret';
const MESSAGE = {
  ...{ worker_id: 'worker-1', scenario_uuid: LOG_UUID },
  camera_url: `rtsp://viewer:${SECRET}@10.0.0.7/live?token=${SECRET}`,
};

let deps: VidetteClientDeps;
let started: StartedScenario[];
beforeEach(() => {
  ({ deps, started } = fakeDeployments());
});

const deploy = (changes: object = {}) => deployStream(deps, { ...MESSAGE, ...changes });

describe('deployStream', () => {
  it('starts a workflow with the defaults of the installation', async () => {
    expect(await deploy()).toEqual({
      ...{ scenario_uuid: LOG_UUID, worker_id: 'worker-1', started: true },
      ...{ camera: 'rtsp://10.0.0.7', workflow_id: `stream/${LOG_UUID}` },
    });
    expect(started[0]).toMatchObject({ workflowId: `stream/${LOG_UUID}`, args: [{ fps: 3 }] });
  });

  it('gives Temporal no secret, and a camera with the URL', async () => {
    await deploy();
    expect(JSON.stringify(started)).not.toContain(SECRET);
    const { camera_id } = started[0]!.args[0];
    const camera = await deps.documents.cameras.find(camera_id);
    expect(camera).toMatchObject({ scenario_uuid: LOG_UUID });
    expect(JSON.stringify(camera)).not.toContain(SECRET);
  });

  it('finds the running scenario for the same message', async () => {
    await deploy();
    expect(await deploy({ scenario_uuid: LOG_UUID.toUpperCase() })).toMatchObject({
      started: false,
    });
    expect(await deploy({ worker_id: 7 })).toMatchObject({ started: false });
  });

  it.each([
    ['other parameters', { fps: 5 }],
    ['another camera', { camera_url: 'rtsp://10.0.0.8/live' }],
    ['another password', { camera_url: MESSAGE.camera_url.replace(SECRET, 'other') }],
  ])('rejects a scenario that is running with %s', async (_, changes) => {
    await deploy();
    await expect(deploy(changes)).rejects.toMatchObject({ code: 'SCENARIO_EXISTS' });
  });

  it('compares with the parameters to which a running scenario was changed', async () => {
    await deploy();
    const scenario = { ...started[0]!.args[0], fps: 5 };
    const fingerprint = scenarioFingerprint(scenario);
    const document = scenarioDocument({ scenario, fingerprint, run_id: 'run' });
    await deps.documents.scenarios.put(document);
    expect(await deploy({ fps: 5 })).toMatchObject({ started: false });
    await expect(deploy()).rejects.toMatchObject({ code: 'SCENARIO_EXISTS' });
  });

  it.each([
    ['an unknown field', { cls: 'car' }, 'INVALID_INPUT'],
    ['no camera', { camera_url: undefined }, 'INVALID_INPUT'],
    ['an unknown camera', { camera_url: undefined, camera_id: 'gate' }, 'CAMERA_NOT_FOUND'],
    ['an option of files', { loop: true }, 'INVALID_INPUT'],
  ])('rejects %s and starts nothing', async (_, changes, code) => {
    const message = expect.not.stringContaining(SECRET) as unknown;
    await expect(deploy(changes)).rejects.toMatchObject({ code, message });
    expect(started).toEqual([]);
  });
});
