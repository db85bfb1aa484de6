import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import { BUCKETS } from '../domain/names.js';
import { streamWorkflowIdOf } from '../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { createCameraKey } from '../domain/stream/camera-seal.js';
import { createCameras } from '../domain/stream/cameras.js';
import { epochOf, logKeys } from '../domain/stream/log/log-keys.js';
import { createLogWriter } from '../domain/stream/log/log-writer.js';
import { takeOver } from '../domain/stream/log/take-over.js';
import type { ScenarioChange } from '../domain/stream/scenario-contracts.js';
import { LOG_UUID, writeRows } from '../test/support/log-entries.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { modelManifest } from '../test/support/model-manifests.js';
import { changeScenario } from './change-scenario.js';
import { openScenario, type OpenScenarioDeps } from './open-scenario.js';

const RUN = { first_run_id: 'run-1', started_at: '2026-01-11T12:30:00.000Z' };
const SECRET_URL = 'rtsp://user:geheim@10.0.0.7/live';

let deps: OpenScenarioDeps;
beforeEach(async () => {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.streams);
  const documents = createMemoryDocumentStore();
  const manifest = modelManifest({ name: 'mock', version: 3 });
  deps = {
    ...{ objects, documents, defaultModel: 'mock', defaultFps: 5 },
    cameras: createCameras(documents.cameras, createCameraKey()),
    models: {
      resolve: (spec) =>
        spec === 'absent'
          ? Promise.reject(new AppError('MODEL_NOT_FOUND', 'absent'))
          : Promise.resolve(manifest),
      list: () => Promise.resolve([manifest]),
    },
    checkClasses: (_, classes) => {
      if (classes.includes('unicorn')) throw new AppError('INVALID_INPUT', 'unicorn');
    },
    missingSearchAttributes: () => Promise.resolve([]),
  };
});

/** Runs an activity in the workflow of the scenario, or in another one. */
function run<Input, Output>(
  activity: (deps: OpenScenarioDeps, input: Input) => Promise<Output>,
  input: Input,
  workflowId = streamWorkflowIdOf(LOG_UUID),
): Promise<Output> {
  const info = { workflowExecution: { workflowId, runId: 'run-1' } };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  return environment.run<[OpenScenarioDeps, Input], Output, typeof activity>(activity, deps, input);
}

const open = (request: object, workflowId?: string) =>
  run(openScenario, { ...RUN, request: { scenario_uuid: LOG_UUID, ...request } }, workflowId);

describe('openScenario', () => {
  beforeEach(() => deps.cameras.put({ camera_id: 'gate', url: SECRET_URL }));

  it('fills in the defaults of the installation and pins the model', async () => {
    const { scenario, model, window } = await open({ camera_id: 'gate' });
    expect(scenario).toMatchObject({ camera_id: 'gate', fps: 5, conf: 0.25 });
    expect(model).toMatchObject({ name: 'mock', version: 3 });
    expect(window).toBe(0);
  });

  it('writes a document without the URL of the camera', async () => {
    await open({ camera_id: 'gate', worker_id: 'worker-1' });
    const stored = await deps.documents.scenarios.find(LOG_UUID);
    expect(stored).toMatchObject({ camera: 'rtsp://10.0.0.7', run_id: 'run-1', end: null });
    expect(stored?.created_at).toEqual(new Date(RUN.started_at));
    expect(JSON.stringify(stored)).not.toContain('geheim');
  });

  it('seals a camera that is given by its URL', async () => {
    const { scenario } = await open({ camera_url: 'rtsp://10.0.0.8/live' });
    expect(scenario).not.toHaveProperty('camera_url');
    expect(await deps.cameras.urlOf(scenario.camera_id)).toBe('rtsp://10.0.0.8/live');
  });

  it.each([SECRET_URL, 'rtsp://10.0.0.7/live?x=1', 'http://10.0.0.7/password=geheim'])(
    'rejects a secret URL, which the history contains, without repeating it',
    async (camera_url) => {
      const message = expect.stringMatching(/vidette cameras add(?!.*(geheim|10\.0))/) as unknown;
      const opening = open({ camera_url });
      await expect(opening).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
      expect(await deps.documents.scenarios.find(LOG_UUID)).toBeUndefined();
    },
  );

  it('accepts a secret URL if payloads are encrypted', async () => {
    deps = { ...deps, payloadsEncrypted: true };
    const { scenario } = await open({ camera_url: SECRET_URL });
    expect(JSON.stringify(scenario)).not.toContain('geheim');
    expect(await deps.cameras.urlOf(scenario.camera_id)).toBe(SECRET_URL);
  });

  it('continues after the windows of an earlier scenario', async () => {
    const key = logKeys.opened(LOG_UUID, epochOf(6, 2));
    await deps.objects.put(BUCKETS.streams, key, '{}');
    expect((await open({ camera_id: 'gate' })).window).toBe(7);
  });

  it('accounts from the end of a log that is later, as after a file that is read fast', async () => {
    expect((await open({ camera_id: 'gate' })).account_from).toBe(RUN.started_at);
    const log = { store: deps.objects, uuid: LOG_UUID };
    const startedAt = Date.parse(RUN.started_at) + 60_000;
    const writer = createLogWriter(log, await takeOver(log, { epoch: epochOf(0, 1), startedAt }));
    await writeRows(writer, 3);
    await writer.close();
    expect((await open({ camera_id: 'gate' })).account_from).toBe('2026-01-11T12:31:03.000Z');
  });

  it('reports whether scenarios can be found by their state', async () => {
    expect((await open({ camera_id: 'gate' })).indexes_state).toBe(true);
    const missing = [SEARCH_ATTRIBUTES.streamState];
    deps = { ...deps, missingSearchAttributes: () => Promise.resolve(missing) };
    expect((await open({ camera_id: 'gate' })).indexes_state).toBe(false);
  });

  it.each<[what: string, request: object, code: string]>([
    ['an unknown camera', { camera_id: 'yard' }, 'CAMERA_NOT_FOUND'],
    ['an unknown model', { camera_id: 'gate', model: 'absent' }, 'MODEL_NOT_FOUND'],
    ['a class that the model lacks', { camera_id: 'gate', classes: ['unicorn'] }, 'INVALID_INPUT'],
    ['options of files for a camera', { camera_id: 'gate', pace: 'fast' }, 'INVALID_INPUT'],
  ])('rejects %s', async (_, request, code) => {
    await expect(open(request)).rejects.toMatchObject({ code });
  });

  it('rejects a workflow with another id, which would be a second one', async () => {
    const opening = open({ camera_id: 'gate' }, 'mine');
    await expect(opening).rejects.toThrow(`--workflow-id stream/${LOG_UUID}`);
  });
});

describe('changeScenario', () => {
  beforeEach(() => deps.cameras.put({ camera_id: 'gate', url: SECRET_URL }));

  async function change(fields: ScenarioChange, request: object = {}) {
    const { scenario, model } = await open({ camera_id: 'gate', ...request });
    return run(changeScenario, { ...RUN, scenario, model, change: fields });
  }

  it('changes fields and their fingerprint, and removes optional ones', async () => {
    const before = (await open({ camera_id: 'gate' })) && (await fingerprint());
    const { scenario } = await change({ fps: 1, classes: null }, { classes: ['car'] });
    expect(scenario).toMatchObject({ fps: 1, camera_id: 'gate', scenario_uuid: LOG_UUID });
    expect(scenario).not.toHaveProperty('classes');
    expect((await deps.documents.scenarios.find(LOG_UUID))?.scenario).toEqual(scenario);
    expect(await fingerprint()).not.toBe(before);
  });

  it('keeps the pinned model unless the model is changed', async () => {
    const resolved: (string | undefined)[] = [];
    const { models } = deps;
    const resolve = (spec?: string) => {
      resolved.push(spec);
      return models.resolve(spec);
    };
    deps = { ...deps, models: { ...models, resolve } };
    const { scenario, model } = await open({ camera_id: 'gate' });
    for (const fields of [{ fps: 1 }, { classes: ['car'] }, { model: 'other' }]) {
      await run(changeScenario, { ...RUN, scenario, model, change: fields });
    }
    expect(resolved).toEqual(['mock', 'mock@3', 'other']);
  });

  it.each<[what: string, fields: ScenarioChange, code: string]>([
    ['an invalid value', { fps: 0 }, 'INVALID_INPUT'],
    ['an unknown camera', { camera_id: 'yard' }, 'CAMERA_NOT_FOUND'],
    ['an unknown model', { model: 'absent' }, 'MODEL_NOT_FOUND'],
    ['a class that the model lacks', { classes: ['unicorn'] }, 'INVALID_INPUT'],
  ])('rejects %s and changes nothing', async (_, fields, code) => {
    await expect(change(fields)).rejects.toMatchObject({ code });
    const stored = await deps.documents.scenarios.find(LOG_UUID);
    expect(stored?.scenario).toMatchObject({ fps: 5, camera_id: 'gate' });
  });

  const fingerprint = async () => (await deps.documents.scenarios.find(LOG_UUID))?.fingerprint;
});
