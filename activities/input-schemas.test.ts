import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parametersOf, parseJobInput } from '../domain/job/job-input.js';
import { keys } from '../domain/names.js';
import { gateSchema } from '../domain/retrain/gate.js';
import { projectFile } from '../platform/package-root.js';
import { readHistory } from '../test/support/histories.js';
import { modelManifest } from '../test/support/model-manifests.js';
import { sealedScenario } from '../test/support/scenarios.js';
import { type ActivityName, expectActivityInput, inputSchemas } from './input-schemas.js';

const RUN = { first_run_id: '0199f1a2-6f0e-7c1f-a2b5-9a3d1e5c0f11' };
const RANGE = { event_id: 'e1', plan_key: keys.plan('e1'), range: 2 };
const SOURCE = { bucket: 'videos', key: keys.video('cars'), etag: '"1"' };
const OPENED = {
  scenario: sealedScenario(),
  model: { name: 'yolox_nano', version: 1, sha256: 'a'.repeat(64) },
};
const SHA = 'a'.repeat(64);
const BASE = { name: 'fish', version: 3, sha256: SHA };
const DATASET = { ...BASE, bucket: 'datasets', key: keys.datasetItems('fish', 3) };
const { version: _version, ...MANIFEST } = modelManifest({ name: 'fish' });
const TRAINED = {
  ...{ key: keys.trainedModel('fish-1'), sha256: SHA, size_bytes: 9 },
  ...{ manifest: MANIFEST, metrics: { loss: 0.1 } },
};
const EVALUATED = { key: keys.evaluation('fish-1', SHA), images: 9, failed: 0, ms_per_image: 2 };
const RESCORE = {
  ...{ rescore_id: 'r1', created_at: new Date(0).toISOString(), model: BASE, of: { name: 'fish' } },
  ...{ since: new Date(0).toISOString(), until: new Date(1).toISOString() },
  ...{ include: ['images'], conf: 0.25 },
};
/** An input of each activity as the workflows send it. */
const JUDGED = {
  ...{ retrain_id: 'fish-1', base: BASE, dataset: DATASET, trained: TRAINED, judged: {} },
  ...{ version: null, decision: { promote: false, by: 'rule', reason: null } },
};
const VALID: Readonly<Record<ActivityName, object>> = {
  openEvent: { ...RUN, request: null },
  chooseDevice: { asked: 'auto' },
  probeVideo: {
    ...{ event_id: 'e1', source: SOURCE },
    parameters: parametersOf(parseJobInput({ video_id: 'cars' })),
    model: { name: 'yolox_nano', version: 1, sha256: 'a'.repeat(64) },
  },
  extractFrames: RANGE,
  preprocessFrames: RANGE,
  storeFrames: RANGE,
  detectObjects: RANGE,
  deriveRange: RANGE,
  checkAlerts: {
    ...{ event_id: 'e1', video_id: 'cars', plan_key: keys.plan('e1'), from: 0, to: 2 },
    ...{ created_at: new Date(0).toISOString(), rules: [{ name: 'person' }] },
  },
  deliverAlert: {
    alert: {
      ...{ alert_id: 'e1.person.1', created_at: new Date(0).toISOString(), rule: 'person' },
      ...{ classes: ['person'], confidence: 0.9, objects: 1, test: false },
      ...{ snapshot: null, link: null },
    },
    ...{ channel: { kind: 'ntfy', topic: 'garage' }, index: 0 },
  },
  trackObjects: { event_id: 'e1', plan_key: keys.plan('e1') },
  assembleResult: {
    ...{ ...RUN, event_id: 'e1', video_id: 'cars', plan_key: keys.plan('e1'), rerun_of: null },
    ...{ created_at: new Date(0).toISOString(), status: 'ready' },
    device: { asked: 'auto', used: { cpu: 3 } },
  },
  closeEvent: { ...RUN, event_id: 'e1', status: 'failed', error: 'x', device_used: {} },
  renderVideo: { event_id: 'e1', kind: 'annotated' },
  renderClip: { event_id: 'e1', from_ms: 0, to_ms: 800.5, boxes: 'track-7' },
  renderReel: { a: 'e1', b: 'e2', conf_a: 0.25, conf_b: 0.3 },
  notifyWebhook: {
    ...{ url: 'https://example.com', message_id: 'm', workflow_id: 'w', event_id: null },
    ...{ video_id: null, status: 'ready', error: null, ended_at: new Date(0).toISOString() },
  },
  readBatch: { batch_id: 'b1', from: 100 },
  endRuns: { event_id: 'e1', started_before: new Date(0).toISOString(), force: false },
  deleteJobData: { event_id: 'e1', frames_only: true },
  deleteRuns: { event_id: 'e1', runs: [{ workflow_id: 'w/1', run_id: RUN.first_run_id }] },
  listPrunable: { before: new Date(0).toISOString(), frames_only: true },
  listIndexable: { before: new Date(0).toISOString(), all: false },
  indexJob: { event_id: 'e1' },
  endedBefore: { event_id: 'e1', ended_before: new Date(0).toISOString() },
  pruneRescorings: { before: new Date(0).toISOString() },
  pruneImageBatches: { before: new Date(0).toISOString() },
  pruneRetrainings: { before: new Date(0).toISOString() },
  dropScratch: { event_id: 'e1' },
  openRescore: { request: null, started_at: new Date(0).toISOString() },
  listPast: RESCORE,
  comparePast: RESCORE,
  openScenario: { ...RUN, request: null, started_at: new Date(0).toISOString() },
  changeScenario: { ...RUN, ...OPENED, change: { fps: 1 } },
  watchCamera: {
    ...{ ...OPENED, window: 3, started_at: new Date(0).toISOString(), absence: 'starting' },
  },
  closeScenario: {
    ...{ ...RUN, scenario_uuid: OPENED.scenario.scenario_uuid, state: 'stopped', error: null },
    account_from: new Date(0).toISOString(),
  },
  openImageBatch: { ...RUN, request: null },
  listPictures: { batch_id: 'b1', source: { bucket: 'incoming', prefix: 'day/' } },
  predictPictures: {
    ...{ batch_id: 'b1', bucket: 'incoming', slice: 3, total: 1000, conf: 0.25 },
    model: OPENED.model,
  },
  freezeDataset: { request: null },
  openRetrain: { request: null },
  trainModel: {
    ...{ retrain_id: 'fish-1', task: 'classify', dataset: DATASET, base: BASE, trainer: 'head' },
    ...{
      params: {},
      limits: { seconds: 60, pictures: 10, memory_mb: 512 },
      out: 'training/fish-1/',
    },
  },
  evaluateModel: { retrain_id: 'fish-1', task: 'detect', dataset: DATASET, model: TRAINED },
  judgeModel: {
    ...{ task: 'classify', champion: EVALUATED, challenger: EVALUATED },
    gate: gateSchema.parse({}),
  },
  publishChallenger: { retrain_id: 'fish-1', dataset: DATASET, trained: TRAINED, by: null },
  awaitPromotion: BASE,
  closeRetrain: JUDGED,
  registerInMlflow: JUDGED,
  assembleTable: { batch_id: 'b1', table: 'csv', total: 1000 },
  closeImageBatch: {
    ...{ batch_id: 'b1', status: 'failed', error: 'x', result: null },
    counts: { total: 1000, done: 256, failed: 60 },
  },
};
const NAMES = Object.keys(inputSchemas) as ActivityName[]; // the keys of this record
const WITH_EVENT = NAMES.filter((name) => 'event_id' in VALID[name] && name !== 'notifyWebhook');
const HOSTILE_IDS = ['../../../victim', 'a/b', '', { $ne: null }, ['e1'], null, undefined, 5];

describe('expectActivityInput', () => {
  it.each(NAMES)('accepts an input of %s, also with fields of other builds', (name) => {
    expect(() => expectActivityInput(name, VALID[name])).not.toThrow();
    expect(() => expectActivityInput(name, { ...VALID[name], added: 1 })).not.toThrow();
  });

  it.each(NAMES)('rejects an input of %s that is not an object', (name) => {
    for (const input of [undefined, null, 'e1', [VALID[name]]]) {
      expect(() => expectActivityInput(name, input)).toThrow(`Invalid input of ${name}`);
    }
  });

  it('accepts a message for a webhook, and rejects one without a body', () => {
    const message = { type: 'stream.down', timestamp: new Date(0).toISOString(), data: {} };
    const input = { url: 'https://example.com', message_id: 'm', message };
    expect(() => expectActivityInput('notifyWebhook', input)).not.toThrow();
    for (const wrong of [
      { ...input, message: undefined },
      { ...input, message: { data: {} } },
    ]) {
      expect(() => expectActivityInput('notifyWebhook', wrong)).toThrow(
        'Invalid input of notifyWebhook',
      );
    }
  });

  it.each(WITH_EVENT)('rejects ids for %s that are not ids', (name) => {
    for (const event_id of HOSTILE_IDS) {
      expect(() => expectActivityInput(name, { ...VALID[name], event_id })).toThrow('event_id');
    }
  });

  it.each([
    ['extractFrames', { range: -1 }, 'range'],
    ['storeFrames', { range: '../..' }, 'range'],
    ['preprocessFrames', { range: 0.5 }, 'range'],
    ['detectObjects', { plan_key: 'results/other.json' }, 'plan_key'],
    ['checkAlerts', { plan_key: keys.plan('e2') }, 'plan_key'],
    ['deliverAlert', { alert: { alert_id: '../e1' } }, 'alert_id'],
    ['trackObjects', { plan_key: keys.plan('e2') }, 'plan_key'],
    ['assembleResult', { plan_key: keys.plan('e2') }, 'plan_key'],
    ['probeVideo', { source: { ...SOURCE, key: 'results/e1.json' } }, 'source.key'],
    ['probeVideo', { source: { ...SOURCE, bucket: '192.168.1.1' } }, 'source.bucket'],
    ['closeEvent', { status: 'processing' }, 'status'],
    ['closeEvent', { first_run_id: { $ne: null } }, 'first_run_id'],
    ['renderVideo', { kind: '../x' }, 'kind'],
    ['renderClip', { boxes: 'track-../x' }, 'boxes'],
    ['chooseDevice', { asked: 'tpu' }, 'asked'],
    ['endRuns', { started_before: 'now' }, 'started_before'],
    ['deleteRuns', { runs: [{ workflow_id: 'w', run_id: '' }] }, 'runs.0.run_id'],
    ['listPrunable', { after: { $gt: '' } }, 'after'],
    ['listIndexable', { after: { $gt: '' } }, 'after'],
    ['indexJob', { event_id: '../e' }, 'event_id'],
    ['closeScenario', { scenario_uuid: '../e1' }, 'scenario_uuid'],
    ['watchCamera', { absence: 'constructor' }, 'absence'],
    ['watchCamera', { window: -1 }, 'window'],
    ['predictPictures', { batch_id: '../e1' }, 'batch_id'],
    ['predictPictures', { slice: -1 }, 'slice'],
    ['predictPictures', { bucket: '10.0.0.1' }, 'bucket'],
    ['listPictures', { batch_id: { $ne: null } }, 'batch_id'],
    ['assembleTable', { table: '../x' }, 'table'],
    ['closeImageBatch', { status: 'processing' }, 'status'],
    [
      'changeScenario',
      { scenario: { ...OPENED.scenario, camera_id: { $ne: null } } },
      'scenario.camera_id',
    ],
  ] as const)('rejects an input of %s with %j', (name, change, field) => {
    expect(() => expectActivityInput(name, { ...VALID[name], ...change })).toThrow(`${field}: `);
  });
});

describe('recorded jobs', () => {
  const FOLDER = projectFile('test/fixtures/histories');
  /** Workflows that only start or signal another workflow. */
  const WITHOUT_ACTIVITIES = ['retrained-scheduled.json', 'stream-control.json'];

  it.each(readdirSync(FOLDER))('have inputs that are accepted: %s', (file) => {
    const inputs = inputsIn(readFileSync(join(FOLDER, file), 'utf8'));
    expect(inputs.length > 0).toBe(!WITHOUT_ACTIVITIES.includes(file));
    for (const [name, input] of inputs)
      expect(() => expectActivityInput(name, input)).not.toThrow();
  });
});

/** Names and inputs of the activities that a recorded history schedules. */
function inputsIn(text: string): [ActivityName, unknown][] {
  return readHistory(text).events!.flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => {
      const data = scheduled?.input?.payloads?.[0]?.data;
      if (!data) return [];
      const name = scheduled.activityType!.name as ActivityName; // else the lookup fails
      return [[name, JSON.parse(Buffer.from(data).toString('utf8')) as unknown]];
    },
  );
}
