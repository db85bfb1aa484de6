import { ApplicationFailure, CancelledFailure, Context, log } from '@temporalio/activity';
import type { ErrorCode } from '../domain/errors.js';
import type { CameraSlots } from '../domain/ports/camera-slots.js';
import type { ModelFiles } from '../domain/ports/model-registry.js';
import type { TaskTokens } from '../domain/ports/task-tokens.js';
import { type Absence, absencesBefore } from '../domain/stream/absence.js';
import { absenceAfter } from '../domain/stream/away.js';
import type { Cameras } from '../domain/stream/cameras.js';
import { epochOf } from '../domain/stream/log/log-keys.js';
import type {
  StreamHeartbeat,
  StreamStatus,
  WatchedWindow,
  WatchInput,
} from '../domain/stream/scenario-contracts.js';
import type { CameraAttachment, CameraHost, DetachReason } from '../streams/camera-host.js';
import { type CameraEndDeps, waitForEnd } from './camera-end.js';

/** Attachments of this worker, for its internal server. */
export interface AttachedCameras {
  /** Registers an attachment; returns a function that removes it. */
  add(scenarioUuid: string, attachment: CameraAttachment): () => void;
}

export interface WatchCameraDeps extends CameraEndDeps {
  readonly host: CameraHost;
  readonly cameras: Pick<Cameras, 'urlOf'>;
  readonly models: ModelFiles;
  readonly slots: CameraSlots;
  readonly tokens: TaskTokens;
  readonly attached: AttachedCameras;
  /** Queue of this worker. */
  readonly hostQueue: string;
  /** URL of the internal server of this worker. */
  readonly address: string;
}

const HEARTBEAT_MS = 2000;

/**
 * Watches a camera until its file or day ends, or the workflow requests the end. The camera belongs
 * to the worker: it continues to run between two attempts, and is closed only if the scenario is
 * paused or stopped.
 */
export async function watchCamera(
  deps: WatchCameraDeps,
  input: WatchInput,
): Promise<WatchedWindow> {
  const context = Context.current();
  const { scenario_uuid } = input.scenario;
  const { taskQueue, base64TaskToken } = context.info;
  const leave = deps.slots.enter(scenario_uuid, taskQueue);
  try {
    return await deps.tokens.during(scenario_uuid, base64TaskToken, () =>
      watchAttached(deps, context, input),
    );
  } finally {
    leave();
  }
}

async function watchAttached(
  deps: WatchCameraDeps,
  context: Context,
  input: WatchInput,
): Promise<WatchedWindow> {
  const { scenario_uuid: scenarioUuid, yield_after_s: yieldAfterS } = input.scenario;
  const beating = startHeartbeat(context, deps.address);
  let attachment: CameraAttachment | undefined;
  try {
    attachment = await attach(deps, context, input);
    beating.report(attachment);
    const remove = deps.attached.add(scenarioUuid, attachment);
    try {
      const { end, detach } = await waitForEnd(deps, context, {
        ...{ scenarioUuid, yieldAfterS, attachment },
      });
      if (detach === 'hand_over') deps.slots.keep(scenarioUuid);
      const logEnd = await attachment.detach(detach);
      log.info('camera detached', { scenario: scenarioUuid, end, detach, ...logEnd });
      return { end, host_queue: deps.hostQueue, ...logEnd };
    } finally {
      remove();
    }
  } catch (error) {
    await attachment?.detach(detachReasonOf(error));
    throw error;
  } finally {
    beating.stop();
  }
}

/** Attaches to the camera of a scenario, or starts it. */
async function attach(
  { host, cameras, models }: WatchCameraDeps,
  context: Context,
  input: WatchInput,
): Promise<CameraAttachment> {
  const { scenario, window, started_at } = input;
  const startedAt = Date.parse(started_at);
  return host.attach({
    ...{ scenario, startedAt, epoch: epochOf(window, context.info.attempt) },
    cameraUrl: await cameras.urlOf(scenario.camera_id),
    model: await models.fetch(input.model),
    absences: absencesOf(context, input),
    signal: context.cancellationSignal,
  });
}

/** Causes of the time before this attempt. */
function absencesOf({ info }: Context, { absence, started_at }: WatchInput): readonly Absence[] {
  const now = Date.now();
  if (info.attempt > 1) return absenceAfter(info.heartbeatDetails as StreamHeartbeat, now);
  const times = { startedAt: Date.parse(started_at), scheduled: info.scheduledTimestampMs, now };
  return absencesBefore(absence, times);
}

/** A camera whose attempt is given up is left for the next one. */
function detachReasonOf(error: unknown): DetachReason {
  if (error instanceof CancelledFailure) return 'hand_over';
  const isAway =
    error instanceof ApplicationFailure && error.type === ('CAMERA_AWAY' satisfies ErrorCode);
  return isAway ? 'yielded' : 'stopped';
}

/** Sends heartbeats, also while the camera is being attached. */
function startHeartbeat(context: Context, address: string) {
  let attachment: CameraAttachment | undefined;
  const since = new Date().toISOString();
  const starting: StreamStatus = {
    ...({ state: 'connecting', since, message: 'The camera is being attached.' } as const),
    ...{ frame_number: 0, fps: 0, lag_ms: 0 },
  };
  const beat = () => {
    const status = attachment?.status() ?? starting;
    const frame_size = attachment?.units.size() ?? null;
    context.heartbeat({
      ...status,
      ...attachment?.load(),
      frame_size,
      address,
    } satisfies StreamHeartbeat);
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    report: (attached: CameraAttachment) => {
      attachment = attached;
      beat();
    },
    stop: () => clearInterval(timer),
  };
}
