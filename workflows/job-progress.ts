import { defineQuery, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { PROGRESS_QUERY, type Progress, type Stage } from '../domain/job/progress.js';
import type { JobStatus } from '../domain/job/job-status.js';
import type { Assembled, OpenedEvent, ProbedEvent } from '../domain/job/activity-contracts.js';
import type { PartCounts } from '../domain/result/result.js';
import { describeDetails, type ShownEnd } from './job-details.js';
import type { CarriedState, Tally } from './types.js';

const progressQuery = defineQuery<Progress>(PROGRESS_QUERY);

/** Stage and counts of a running job. */
export interface JobProgress {
  readonly tally: () => Tally;
  /** Adds the links of an opened event to the details. */
  open(event: OpenedEvent): void;
  enter(stage: Stage): void;
  plan(plan: ProbedEvent): void;
  usesHost(queue: string): void;
  add(counts: PartCounts): void;
  /** @param note reason of a failure, or another note. */
  end(status: JobStatus, note: string | null, result?: Assembled): void;
}

/** Handles the query `progress` and updates the current details in the Web UI. */
export function trackProgress(carried: CarriedState | undefined): JobProgress {
  let stage: Stage = carried ? 'detecting' : 'opening';
  let plan: Pick<ProbedEvent, 'sampled_frames' | 'video'> = carried?.plan ?? { sampled_frames: 0 };
  let tally: Tally = { ...emptyTally(), ...carried?.tally };
  let event: OpenedEvent | undefined;
  let end: ShownEnd | undefined;
  const progress = () => progressOf(stage, plan.sampled_frames, tally);
  const show = () => {
    const state = { progress: progress(), event, video: plan.video, end };
    setCurrentDetails(describeDetails({ ...state, devices: Object.keys(tally.used) }));
  };
  setHandler(progressQuery, progress, {
    description: 'Stage, frames done and total, frames per second, seconds left.',
  });
  return {
    tally: () => tally,
    open: (opened) => {
      event = opened;
      show();
    },
    enter: (next) => {
      stage = next;
      const starts = next === 'detecting' && tally.detectionStartedAt === null;
      if (starts) tally = { ...tally, detectionStartedAt: Date.now() };
      show();
    },
    plan: (probed) => {
      plan = probed;
    },
    usesHost: (queue) => {
      if (!tally.hosts.includes(queue)) tally = { ...tally, hosts: [...tally.hosts, queue] };
    },
    add: (counts) => {
      tally = addCounts(tally, counts);
      show();
    },
    end: (status, note, result) => {
      stage = 'done';
      end = { status, note, result };
      show();
    },
  };
}

function emptyTally(): Tally {
  const counts = { frames: 0, skipped: 0, failed: 0, objects: 0, used: {}, hosts: [] };
  const startedAt = workflowInfo().startTime.getTime();
  return { ...counts, startedAt, detectionStartedAt: null, lastRangeAt: null };
}

function addCounts(tally: Tally, counts: PartCounts): Tally {
  const { frames, skipped, failed = 0, objects, device } = counts;
  const failure = tally.failure ?? counts.failure;
  return {
    ...tally,
    frames: tally.frames + frames,
    skipped: tally.skipped + skipped,
    failed: tally.failed + failed,
    ...(failure && { failure }),
    objects: tally.objects + objects,
    used: { ...tally.used, [device]: (tally.used[device] ?? 0) + frames },
    lastRangeAt: Date.now(),
  };
}

function progressOf(stage: Stage, framesTotal: number, tally: Tally): Progress {
  const done = tally.frames + tally.skipped;
  const { detectionStartedAt, lastRangeAt } = tally;
  const seconds = ((lastRangeAt ?? 0) - (detectionStartedAt ?? 0)) / 1000;
  const fps = lastRangeAt !== null && seconds > 0 ? done / seconds : 0;
  return {
    stage,
    frames_done: done,
    frames_total: framesTotal,
    skipped: tally.skipped,
    objects: tally.objects,
    fps: Math.round(fps * 10) / 10,
    eta_s: fps > 0 ? Math.round((framesTotal - done) / fps) : null,
    started_at: tally.startedAt,
  };
}
