import { z } from 'zod';
import { alertChannelSchema } from '../domain/alert/alert-rule.js';
import { isAlertId } from '../domain/alert/alert-document.js';
import { DATASET_TASKS } from '../domain/dataset/dataset-item.js';
import { AppError } from '../domain/errors.js';
import { bucketName, DEVICES, parametersSchema } from '../domain/job/job-input.js';
import { TABLE_FORMATS } from '../domain/image-batch/image-batch.js';
import { JOB_STATUSES } from '../domain/job/job-status.js';
import { unpublishedManifestSchema } from '../domain/model/model-manifest.js';
import { CLIP_BOXES, ID, keys, RENDER_KINDS, SCENARIO_UUID } from '../domain/names.js';
import { PAST_KINDS } from '../domain/rescore/rescore-request.js';
import { gateSchema } from '../domain/retrain/gate.js';
import { TRAINERS } from '../domain/retrain/retrain-request.js';
import { metricsSchema } from '../domain/retrain/training-folder.js';
import { listProblems } from '../domain/schema-problems.js';
import { isGapReason } from '../domain/stream/gap.js';
import { videoIdOfKey } from '../domain/video/stored-video.js';

const id = z.string().regex(ID, 'expected an id of at most 128 letters, digits, "_" or "-"');
const index = z.int().min(0);
const confidence = z.number().min(0).max(1);
const webhookUrl = z.string().max(2048);
const owner = { first_run_id: id };
const prunedBefore = z.looseObject({ before: z.iso.datetime() });
const used = z.looseObject({ cpu: index.optional(), gpu: index.optional() });
const counts = z.looseObject({ frames: index, skipped: index, objects: index });
const source = z.looseObject({
  bucket: bucketName,
  key: z.string().refine((key) => videoIdOfKey(key) !== undefined, 'expected the key of a video'),
  etag: z.string().min(1),
});
const model = z.looseObject({ name: id, version: z.int().min(1), sha256: z.hash('sha256') });
const hasOwnPlan = ({ event_id, plan_key }: { event_id: string; plan_key: string }) =>
  ID.test(event_id) && plan_key === keys.plan(event_id);
const OTHER_PLAN = { path: ['plan_key'], message: 'expected the plan of the event' };
const range = z
  .looseObject({ event_id: id, plan_key: z.string(), range: index })
  .refine(hasOwnPlan, OTHER_PLAN);

const objectKey = z.string().min(1).max(1024);
const imageSource = z.union([
  z.looseObject({ bucket: bucketName, prefix: objectKey }),
  z.looseObject({ bucket: bucketName, zip: objectKey }),
  z.looseObject({ bucket: bucketName, list: objectKey }),
]);
const imageCounts = z.looseObject({ total: index, done: index, failed: index });
const storedTable = z.looseObject({
  ...{ format: z.enum(TABLE_FORMATS), bucket: bucketName, key: objectKey, size: index },
});

const trainingSet = z.looseObject({
  ...{ name: id, version: z.int().min(1), bucket: bucketName, key: objectKey },
  sha256: z.hash('sha256'),
});
const trainedModel = z.looseObject({
  ...{ key: objectKey, sha256: z.hash('sha256'), size_bytes: index },
  ...{ manifest: unpublishedManifestSchema, metrics: metricsSchema },
});
const evaluatedModel = z.looseObject({ key: objectKey, ms_per_image: z.number() });
const rescore = z.looseObject({
  ...{ rescore_id: id, created_at: z.iso.datetime(), model },
  of: z.looseObject({ name: id, version: z.int().min(1).optional() }),
  ...{ since: z.iso.datetime(), until: z.iso.datetime() },
  ...{ include: z.array(z.enum(PAST_KINDS)), conf: z.number().min(0).max(1) },
});
const decidedBy = z.string().min(1).max(256);
const judgedRetrain = z.looseObject({
  ...{ retrain_id: id, base: model, dataset: trainingSet, trained: trainedModel },
  ...{ judged: z.looseObject({}), version: z.int().min(1).nullable() },
  decision: z.looseObject({
    ...{ promote: z.boolean(), by: decidedBy, reason: z.string().nullable() },
  }),
  elsewhere: z.boolean().optional(),
});

const scenarioUuid = z.string().regex(SCENARIO_UUID, 'expected a scenario_uuid');
const scenario = z.looseObject({
  ...{ scenario_uuid: scenarioUuid, camera_id: id, fps: z.number().min(0.1).max(60) },
  yield_after_s: z.number().positive(),
});
const openedScenario = { scenario, model };

/**
 * Schemas of the inputs of all activities. Anyone who reaches Temporal can schedule an activity with
 * any input, and inputs become parts of paths, keys and filters. Unknown fields are allowed, because
 * workers of several builds run at the same time.
 */
export const inputSchemas = {
  openEvent: z.looseObject({ ...owner, request: z.unknown() }),
  chooseDevice: z.looseObject({ asked: z.enum(DEVICES) }),
  probeVideo: z.looseObject({ event_id: id, source, parameters: parametersSchema, model }),
  extractFrames: range,
  preprocessFrames: range,
  storeFrames: range,
  detectObjects: range,
  deriveRange: range,
  checkAlerts: z
    .looseObject({
      ...{ event_id: id, video_id: id, plan_key: z.string(), from: index, to: z.int().min(1) },
      ...{
        created_at: z.iso.datetime(),
        page_url: z.string().optional(),
        rules: z.array(z.unknown()),
      },
    })
    .refine(hasOwnPlan, OTHER_PLAN),
  deliverAlert: z.looseObject({
    alert: z.looseObject({
      ...{
        alert_id: z.string().refine(isAlertId, 'expected an alert_id'),
        created_at: z.iso.datetime(),
      },
      ...{ rule: id, classes: z.array(z.string()), confidence, objects: index, test: z.boolean() },
      snapshot: z.looseObject({ bucket: bucketName, key: objectKey }).nullable(),
      link: z.string().max(2048).nullable(),
    }),
    ...{ channel: alertChannelSchema, index },
  }),
  trackObjects: z
    .looseObject({ event_id: id, plan_key: z.string() })
    .refine(hasOwnPlan, OTHER_PLAN),
  assembleResult: z
    .looseObject({
      ...{ ...owner, event_id: id, video_id: id, plan_key: z.string(), rerun_of: id.nullable() },
      created_at: z.iso.datetime(),
      device: z.looseObject({ asked: z.enum(DEVICES), used }),
      status: z.enum(['ready', 'cancelled']),
    })
    .refine(hasOwnPlan, OTHER_PLAN),
  closeEvent: z.looseObject({
    ...{ ...owner, event_id: id, status: z.enum(['ready', 'failed', 'cancelled']) },
    ...{ error: z.string().nullable(), counts: counts.optional(), device_used: used },
  }),
  renderVideo: z.looseObject({
    event_id: id,
    kind: z.enum(RENDER_KINDS),
  }),
  renderClip: z.looseObject({
    ...{ event_id: id, from_ms: z.number().min(0), to_ms: z.number().min(0) },
    boxes: z.string().regex(CLIP_BOXES),
  }),
  renderReel: z.looseObject({ a: id, b: id, conf_a: confidence, conf_b: confidence }),
  // A job with an invalid id has a webhook too, so its ids are texts of any form.
  notifyWebhook: z.union([
    z.looseObject({
      ...{ url: webhookUrl, message_id: z.string(), workflow_id: z.string() },
      ...{ event_id: z.string().nullable(), video_id: z.string().nullable() },
      ...{ status: z.enum(JOB_STATUSES), error: z.string().nullable(), ended_at: z.string() },
    }),
    z.looseObject({
      ...{ url: webhookUrl, message_id: z.string() },
      message: z.looseObject({ type: z.string(), timestamp: z.string(), data: z.looseObject({}) }),
    }),
  ]),
  readBatch: z.looseObject({ batch_id: id, from: index, again: z.boolean().optional() }),
  endRuns: z.looseObject({ event_id: id, started_before: z.iso.datetime(), force: z.boolean() }),
  deleteJobData: z.looseObject({ event_id: id, frames_only: z.boolean().optional() }),
  deleteRuns: z.looseObject({
    event_id: id,
    runs: z.array(z.looseObject({ workflow_id: z.string().min(1), run_id: id })),
  }),
  listPrunable: z.looseObject({
    ...{ before: z.iso.datetime(), after: id.optional(), frames_only: z.boolean() },
  }),
  endedBefore: z.looseObject({ event_id: id, ended_before: z.iso.datetime() }),
  pruneRescorings: prunedBefore,
  pruneImageBatches: prunedBefore,
  pruneRetrainings: prunedBefore,
  listIndexable: z.looseObject({
    ...{ before: z.iso.datetime(), after: id.optional(), all: z.boolean() },
  }),
  indexJob: z.looseObject({ event_id: id }),
  dropScratch: z.looseObject({ event_id: id }),
  openScenario: z.looseObject({ ...owner, request: z.unknown(), started_at: z.iso.datetime() }),
  changeScenario: z.looseObject({ ...owner, ...openedScenario, change: z.looseObject({}) }),
  watchCamera: z.looseObject({
    ...{ ...openedScenario, window: index, started_at: z.iso.datetime() },
    absence: z.string().refine(isGapReason, 'expected the reason of a gap'),
  }),
  closeScenario: z.looseObject({
    ...{ ...owner, scenario_uuid: scenarioUuid, account_from: z.iso.datetime() },
    ...{ state: z.enum(['stopped', 'ended']), error: z.string().nullable() },
  }),
  openImageBatch: z.looseObject({ ...owner, request: z.unknown() }),
  listPictures: z.looseObject({ batch_id: id, source: imageSource }),
  predictPictures: z.looseObject({
    ...{ batch_id: id, bucket: bucketName, model, conf: z.number().min(0).max(1) },
    ...{ slice: index, total: index },
  }),
  assembleTable: z.looseObject({ batch_id: id, table: z.enum(TABLE_FORMATS), total: index }),
  freezeDataset: z.looseObject({ request: z.unknown() }),
  openRetrain: z.looseObject({ request: z.unknown() }),
  trainModel: z.looseObject({
    ...{ retrain_id: id, task: z.enum(DATASET_TASKS), dataset: trainingSet, base: model },
    ...{ trainer: z.enum(TRAINERS), params: z.looseObject({}), out: objectKey },
    limits: z.looseObject({
      ...{ seconds: z.number().positive(), pictures: index, memory_mb: z.number().positive() },
    }),
  }),
  evaluateModel: z.looseObject({
    ...{ retrain_id: id, task: z.enum(DATASET_TASKS), dataset: trainingSet },
    model: z.union([trainedModel, model]),
  }),
  judgeModel: z.looseObject({
    ...{ task: z.enum(DATASET_TASKS), gate: gateSchema },
    ...{ champion: evaluatedModel, challenger: evaluatedModel },
  }),
  publishChallenger: z.looseObject({
    ...{ retrain_id: id, dataset: trainingSet, trained: trainedModel },
    by: decidedBy.nullable(),
  }),
  awaitPromotion: model,
  closeRetrain: judgedRetrain,
  registerInMlflow: judgedRetrain,
  openRescore: z.looseObject({ request: z.unknown(), started_at: z.iso.datetime() }),
  listPast: rescore,
  comparePast: rescore,
  closeImageBatch: z.looseObject({
    ...{ batch_id: id, status: z.enum(['ready', 'failed', 'cancelled']) },
    ...{ error: z.string().nullable(), counts: imageCounts, result: storedTable.nullable() },
  }),
} as const;

export type ActivityName = keyof typeof inputSchemas;

/** @throws AppError `INVALID_INPUT` that names each invalid field of the input of an activity. */
export function expectActivityInput(name: ActivityName, input: unknown): void {
  const { error } = inputSchemas[name].safeParse(input);
  if (!error) return;
  const problems = listProblems(error, 'input').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid input of ${name}: ${problems}`);
}
