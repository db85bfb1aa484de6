import { z } from 'zod';
import { described } from '../../domain/described.js';
import { SCENARIO_UUID } from '../../domain/names.js';
import { GAP_REASONS, type GapReason } from '../../domain/stream/gap.js';
import { scenarioInputSchema } from '../../domain/stream/scenario-input.js';
import { STREAM_STATES } from '../../domain/stream/stream-state.js';
import { count, EXAMPLE, modelSchema, next, seconds, time } from './common.js';

const { shape } = scenarioInputSchema;

export const scenarioUuid = described(
  z.string().toLowerCase().regex(SCENARIO_UUID, 'expected a UUID'),
  'Id of the scenario.',
  EXAMPLE.scenario,
);

/** Path parameters of a scenario. */
export const streamParams = z.object({ scenario_uuid: scenarioUuid });

/** Message that deploys a scenario; the client fills in the rate of this installation. */
export const deploySchema = scenarioInputSchema
  .extend({ fps: optional(shape.fps) })
  .meta({ id: 'ScenarioRequest', description: 'Camera and parameters of a scenario.' });

const cameraName = described(
  z.string().nullable(),
  'Protocol and host of the camera, or the URL of a file; null before it was checked.',
  'rtsp://10.0.0.7',
);
const workerId = described(
  z.union([z.string(), z.number()]).nullable(),
  '`worker_id` of the message that deployed it.',
  'worker-1',
);
const workflowId = described(
  z.string(),
  'Id of the workflow in Temporal.',
  `stream/${EXAMPLE.scenario}`,
);

/** Answer to a deployment. */
export const deployedSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    worker_id: workerId,
    started: described(z.boolean(), 'Whether it was started; false if it is running already.'),
    camera: described(z.string(), 'Protocol and host of the camera.', 'rtsp://10.0.0.7'),
    workflow_id: workflowId,
  })
  .meta({ id: 'DeployedStream', description: 'Scenario that a request started or found.' });

const parametersSchema = scenarioInputSchema
  .omit({ camera_url: true })
  .required({ camera_id: true })
  .meta({ id: 'ScenarioParameters', description: 'Camera and parameters of a scenario.' });

const REASONS = Object.keys(GAP_REASONS) as GapReason[]; // the keys of this record
export const gapReason = described(
  z.enum(REASONS),
  `Reason. ${REASONS.map((reason) => `${reason}: ${GAP_REASONS[reason]}`).join(' ')}`,
);
export const gapSeconds = described(
  z.partialRecord(z.enum(REASONS), z.number()),
  'Seconds without rows, by their reason.',
  { paused: 600, camera_unreachable: 12.5 },
);

const sizeSchema = z
  .object({
    width: described(z.int().min(1), 'Pixels.', 1920),
    height: described(z.int().min(1), 'Pixels.', 1080),
  })
  .meta({ id: 'FrameSize', description: 'Size of the frames of a camera.' });

const outcomeSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    state: described(z.enum(['stopped', 'ended']), 'How the scenario ended.'),
    frames: count('Number of rows.', 172_800),
    seen_s: seconds('Seconds with rows.', 86_400),
    gaps: gapSeconds,
    from: time('Start of the scenario.'),
    to: time('End of the scenario.'),
  })
  .meta({ id: 'StreamOutcome', description: 'Account of a scenario that has ended.' });

/** A scenario with its state. */
export const streamSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    worker_id: workerId,
    state: described(z.enum(STREAM_STATES), 'State of the camera.'),
    since: described(z.iso.datetime().nullable(), 'Start of the state.', EXAMPLE.time),
    message: described(z.string(), 'What happened and what to do.', 'The camera does not answer.'),
    frame_number: described(
      z.int().min(0).nullable(),
      'Number of the last row; null if it is unknown.',
      1234,
    ),
    fps: described(z.number().min(0), 'Rows per second, in the last seconds.', 2),
    lag_ms: described(
      z.number().min(0).nullable(),
      'Milliseconds from the arrival of the last frame to its row; null if no camera is live.',
      210,
    ),
    frame_size: described(
      sizeSchema.nullable(),
      'Size of the frames, to which boxes refer; null if no camera is live.',
    ),
    camera: cameraName,
    parameters: described(parametersSchema.nullable(), 'Null before the input was checked.'),
    model: described(modelSchema.nullable(), 'Model that is used.'),
    started_at: time('Start of the scenario.'),
    ended_at: described(z.iso.datetime().nullable(), 'End; null while it runs.', EXAMPLE.time),
    outcome: described(outcomeSchema.nullable(), 'Account of a scenario that has ended.'),
    workflow_id: workflowId,
  })
  .meta({ id: 'Stream', description: 'Scenario with the state of its camera.' });

export const streamPageSchema = z
  .object({
    streams: described(z.array(streamSchema).readonly(), 'Scenarios, the newest first.'),
    next,
  })
  .meta({ id: 'StreamPage', description: 'Page of the list of scenarios.' });

/** Makes a parameter with a default optional. */
function optional<T extends z.ZodType>(parameter: z.ZodDefault<T>) {
  const { description, examples } = parameter.meta() ?? {};
  return parameter.unwrap().optional().meta({ description, examples });
}

/** Makes a parameter without a default removable. */
function removable<T extends z.ZodType>(parameter: z.ZodOptional<T>) {
  const { description, examples } = parameter.meta() ?? {};
  return parameter.nullable().meta({ description: `${description} null removes it.`, examples });
}

/** New values of parameters. */
export const changeSchema = z
  .strictObject({
    camera_url: shape.camera_url,
    camera_id: shape.camera_id,
    fps: optional(shape.fps),
    conf: optional(shape.conf),
    iou: optional(shape.iou),
    max_det: optional(shape.max_det),
    classes: removable(shape.classes),
    model: removable(shape.model),
    device: optional(shape.device),
    gate: optional(shape.gate),
    zones: removable(shape.zones),
    record: removable(shape.record),
    notify: optional(shape.notify),
    alerts: removable(shape.alerts),
    keep_days: optional(shape.keep_days),
    yield_after_s: optional(shape.yield_after_s),
    max_lag_ms: optional(shape.max_lag_ms),
  })
  .meta({ id: 'ScenarioChange', description: 'New values; the others stay.' });
