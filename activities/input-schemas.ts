import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { bucketName, DEVICES, parametersSchema } from '../domain/job/job-input.js';
import { JOB_STATUSES } from '../domain/job/job-status.js';
import { ID, keys, RENDER_KINDS } from '../domain/names.js';
import { listProblems } from '../domain/schema-problems.js';
import { videoIdOfKey } from '../domain/video/stored-video.js';

const id = z.string().regex(ID, 'expected an id of at most 128 letters, digits, "_" or "-"');
const index = z.int().min(0);
const owner = { first_run_id: id };
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
  // A job with an invalid id has a webhook too, so its ids are texts of any form.
  notifyWebhook: z.looseObject({
    ...{ url: z.string().max(2048), message_id: z.string(), workflow_id: z.string() },
    ...{ event_id: z.string().nullable(), video_id: z.string().nullable() },
    ...{ status: z.enum(JOB_STATUSES), error: z.string().nullable(), ended_at: z.string() },
  }),
  readBatch: z.looseObject({ batch_id: id, from: index }),
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
  dropScratch: z.looseObject({ event_id: id }),
} as const;

export type ActivityName = keyof typeof inputSchemas;

/** @throws AppError `INVALID_INPUT` that names each invalid field of the input of an activity. */
export function expectActivityInput(name: ActivityName, input: unknown): void {
  const { error } = inputSchemas[name].safeParse(input);
  if (!error) return;
  const problems = listProblems(error, 'input').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid input of ${name}: ${problems}`);
}
