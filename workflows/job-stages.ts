import { isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type {
  Assembled,
  AssembleInput,
  CloseInput,
  JobOutcome,
  OpenedEvent,
  OwnerRun,
  ProbedEvent,
  ResultCounts,
} from '../domain/job/activity-contracts.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { controlActivities, wholeVideoActivities } from './activity-proxies.js';
import { dropScratch } from './detect-range.js';
import { indexClosed, indexOpened, indexStatus } from './index-job.js';
import type { JobProgress } from './job-progress.js';
import type { PlannedJob, RunningJob } from './running-job.js';
import { throwToUser, toUserFailure } from './user-failure.js';

/** Opens the event of a job, and sets the search attributes that depend on it. */
export async function openEvent(request: JobRequest, progress: JobProgress): Promise<OpenedEvent> {
  const opening = controlActivities.openEvent({ request, ...ownerRun() });
  const event = await opening.catch((error: unknown) => {
    if (!isCancellation(error)) progress.end('failed', toUserFailure(error).message);
    return throwToUser(error);
  });
  indexOpened(event);
  return event;
}

/** Ends a job whose result an identical job has stored. */
export function reuseOutcome({ event, progress }: RunningJob, outcome: JobOutcome): JobOutcome {
  log.info('job reuses the result of an identical job', { event: event.event_id });
  indexClosed(event, outcome.status, outcome);
  progress.end(outcome.status, 'The result of an identical job was reused.');
  return outcome;
}

/** Probes the video and plans its ranges. */
export async function probeVideo({ event, progress }: RunningJob): Promise<ProbedEvent> {
  progress.enter('probing');
  const { event_id, video_id, source, parameters, model } = event;
  return wholeVideoActivities.probeVideo.executeWithOptions({ summary: video_id }, [
    { event_id, source, parameters, model },
  ]);
}

/** Follows the objects of all ranges, if the job asks for it. */
export async function trackObjects({ event, plan, progress }: PlannedJob): Promise<void> {
  if (!event.parameters.tracking) return;
  progress.enter('tracking');
  const { event_id } = event;
  await wholeVideoActivities.trackObjects({ event_id, plan_key: plan.plan_key });
}

/** Assembles the stored parts into the result. */
export async function assembleResult(
  { event, plan, progress }: RunningJob & Pick<PlannedJob, 'plan'>,
  status: AssembleInput['status'],
): Promise<Assembled> {
  progress.enter('assembling');
  if (status === 'ready') indexStatus('predictable');
  const { event_id, video_id, rerun_of, created_at } = event;
  const device = { asked: event.device.asked, used: progress.tally().used };
  const { plan_key } = plan;
  const input = { event_id, video_id, rerun_of, created_at, plan_key, device, status };
  return wholeVideoActivities.assembleResult({ ...input, ...ownerRun() });
}

interface End extends Pick<CloseInput, 'status' | 'error'> {
  /** Undefined without a result. */
  readonly assembled?: Assembled | undefined;
}

/** Writes the end of a job to its event; returns the outcome of the workflow. */
export async function closeEvent(
  { event, progress }: RunningJob,
  { status, error, assembled }: End,
): Promise<JobOutcome> {
  progress.enter('closing');
  const { event_id, video_id, model } = event;
  const { used } = progress.tally();
  const counts = assembled && countsOf(assembled);
  const end = { status, error, ...(counts && { counts }) };
  await controlActivities.closeEvent({ event_id, ...ownerRun(), ...end, device_used: used });
  indexClosed(event, status, assembled);
  progress.end(status, error, assembled);
  return {
    ...{ event_id, video_id, status },
    ...{ frames: 0, skipped: 0, objects: 0, ...counts },
    device: { asked: event.device.asked, used },
    model,
    result: { bucket: BUCKETS.results, key: keys.result(event_id) },
  };
}

/** Keeps the detections of a cancelled job and the error of a failed one. */
export async function closeUnfinished(
  job: RunningJob,
  plan: ProbedEvent | undefined,
  error: unknown,
): Promise<void> {
  const { event, progress } = job;
  await dropScratch(event.event_id, progress.tally().hosts);
  if (!isCancellation(error)) {
    const { message } = toUserFailure(error);
    await closeEvent(job, { status: 'failed', error: message });
    return;
  }
  const assembled = plan && (await assembleResult({ ...job, plan }, 'cancelled'));
  await closeEvent(job, { status: 'cancelled', error: null, assembled });
}

function countsOf({ frames, skipped, objects }: ResultCounts): ResultCounts {
  return { frames, skipped, objects };
}

/** Id of the first run, which stays the same when the job continues as new or is reset. */
function ownerRun(): OwnerRun {
  return { first_run_id: workflowInfo().firstExecutionRunId };
}
