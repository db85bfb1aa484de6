import { z } from 'zod';
import { alertRulesSchema } from '../alert/alert-rule.js';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { canonicalJson, sha256 } from '../hash.js';
import { jobInputSchema } from '../job/job-input.js';
import { ID, SCENARIO_UUID } from '../names.js';
import { parseCameraUrl } from './camera-url.js';
import { zonesSchema } from '../zone/zone.js';
import { notifyRulesSchema, recordSchema } from './scenario-rules.js';
import { listZoneProblems } from './scenario-zones.js';

/** Frames per second that are detected unless a scenario, or VIDEO_FPS, sets another rate. */
export const DEFAULT_FPS = 2;

/** How much of a camera is decoded. */
const GATES = ['off', 'still', 'sleep'] as const;

const { conf, iou, max_det, classes, model, device } = jobInputSchema.shape;

/** Input of the workflow `StreamDetection`: a message that deploys a scenario. */
export const scenarioInputSchema = z.strictObject({
  worker_id: described(
    z.union([z.string().max(128), z.int()]).optional(),
    'Returned as it is; it does not select a worker.',
    'worker-1',
  ),
  scenario_uuid: described(
    z.string().toLowerCase().regex(SCENARIO_UUID, 'expected a UUID'),
    'Id of the scenario.',
    '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c',
  ),
  camera_url: described(
    z.string().min(1).max(2048).optional(),
    'URL of the camera: rtsp, rtsps, http, https or file. A secret; use camera_id instead in Temporal.',
    'rtsp://10.0.0.7/stream1',
  ),
  camera_id: described(
    z.string().regex(ID, 'expected a camera_id of letters, digits, "_" or "-"').optional(),
    'Id of a camera whose URL is stored sealed.',
    'gate-north',
  ),
  fps: described(
    z.number().min(0.1).max(60).default(DEFAULT_FPS),
    'Frames per second of wall time that are detected.',
    2,
  ),
  ...{ conf, iou, max_det, classes, model, device },
  gate: described(
    z.enum(GATES).default('off'),
    'off detects every frame; still reuses the objects while nothing moves; sleep also decodes only keyframes meanwhile.',
  ),
  pace: described(
    z.enum(['realtime', 'fast']).default('realtime'),
    'Of a file: at its own speed, or as fast as possible without dropping frames.',
  ),
  loop: described(z.boolean().default(false), 'Whether a file starts again when it has ended.'),
  tracking: described(
    z.boolean().optional(),
    'Whether objects are followed from frame to frame: each has the id of its track. Default: false.',
    true,
  ),
  zones: described(
    zonesSchema.optional(),
    'Zones and lines whose passages are events; needs tracking. Default: none.',
    [
      {
        ...{ name: 'door', kind: 'line' },
        points: [
          [0.2, 0.5],
          [0.8, 0.5],
        ],
      },
    ],
  ),
  record: described(recordSchema.optional(), 'Clips of events. Default: none.'),
  notify: described(notifyRulesSchema.default([]), 'Rules for events and webhooks.'),
  alerts: described(alertRulesSchema.optional(), 'Rules that send alerts of rows. Default: none.'),
  keep_days: described(
    z.int().min(1).max(3650).default(30),
    'Days after which rows are removed.',
    30,
  ),
  yield_after_s: described(
    z.int().min(10).max(86_400).default(600),
    'Seconds without the camera after which its slot goes to a waiting scenario.',
    600,
  ),
  max_lag_ms: described(
    z.int().min(200).max(60_000).default(1000),
    'Milliseconds after which frames that were not processed are dropped.',
    1000,
  ),
});

/** A checked input, every default filled in. */
export type ScenarioInput = z.infer<typeof scenarioInputSchema>;

/** An input as a caller gives it. */
export type ScenarioRequest = z.input<typeof scenarioInputSchema>;

/**
 * Checks an input and fills in its defaults.
 * @param defaults of this installation.
 * @throws AppError `INVALID_INPUT` that names each wrong or unknown field, never the camera's URL.
 */
export function parseScenarioInput(
  input: unknown,
  defaults: { readonly fps?: number } = {},
): ScenarioInput {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const parsed = scenarioInputSchema.safeParse(isObject ? { ...defaults, ...input } : input);
  if (!parsed.success) throw invalid(listProblems(parsed.error));
  const { camera_url, camera_id } = parsed.data;
  if ((camera_url === undefined) === (camera_id === undefined)) {
    throw invalid(['camera_url: expected either camera_url or camera_id']);
  }
  const problems = listZoneProblems(parsed.data);
  if (problems.length > 0) throw invalid(problems);
  if (camera_url !== undefined) expectFileOptions(parsed.data, camera_url);
  return parsed.data;
}

/**
 * Identity of a scenario: its camera and parameters.
 * @param input with `camera_id`: the hash of a URL would help to guess its password.
 */
export function scenarioFingerprint({
  worker_id: _,
  tracking,
  ...input
}: Omit<ScenarioInput, 'camera_url'>): string {
  return sha256(canonicalJson({ ...input, ...(tracking && { tracking }) }));
}

/**
 * Checks that options which only files have are not set for another camera.
 * @throws AppError `INVALID_INPUT`, also for an invalid URL.
 */
export function expectFileOptions(
  { pace, loop }: Pick<ScenarioInput, 'pace' | 'loop'>,
  cameraUrl: string,
): void {
  const isFile = parseCameraUrl(cameraUrl).protocol === 'file';
  if (isFile || (pace !== 'fast' && !loop)) return;
  throw invalid(['pace, loop: "fast" and loop are only possible with a file:// URL']);
}

function invalid(problems: readonly string[]): AppError {
  return new AppError('INVALID_INPUT', `Invalid scenario: ${problems.join('; ')}`);
}

function listProblems({ issues }: z.ZodError): string[] {
  return issues.map((issue) => {
    const field = issue.path.join('.') || 'input';
    if (issue.code !== 'unrecognized_keys') return `${field}: ${issue.message}`;
    const known = Object.keys(scenarioInputSchema.shape).join(', ');
    return `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')} (known: ${known})`;
  });
}
