import type { JobOutcome } from '../../domain/job/activity-contracts.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { ingestVideo } from '../ingest.js';
import type {
  Job,
  JobDetails,
  JobProgress,
  OnIngest,
  SubmitOptions,
  Submitted,
  VideoInput,
} from '../types.js';
import { derive, type DeriveOptions } from './derive.js';
import {
  type JobPage,
  jobPage,
  type JobPageOptions,
  listJobs,
  type ListJobsOptions,
} from './job-pages.js';
import { cancelJob, getJob } from './jobs.js';
import { awaitOutcome } from './outcome.js';
import { rerun, type RerunChanges } from './rerun.js';
import { checkModelOptions, submit } from './submit.js';
import { createWatch, type WatchOptions } from './watch.js';

/** Starting, following and ending of jobs. */
export interface JobMethods {
  /** Ingests a video and starts its job; submitting the same again returns the same job. */
  submit(video: VideoInput, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Checks options, their model and its classes, before a video is ingested.
   * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`.
   */
  checkOptions(options: SubmitOptions): Promise<void>;
  /** Ingests a video without starting a job, and returns its video_id. */
  upload(
    video: VideoInput,
    options?: { readonly signal?: AbortSignal; readonly onIngest?: OnIngest },
  ): Promise<string>;
  /** Yields progress twice a second until the job closes. */
  status(eventId: string, options?: WatchOptions): AsyncIterable<JobProgress>;
  /** Waits until the job closes. @throws AppError with the code and message of a failed job. */
  result(eventId: string, options?: { readonly signal?: AbortSignal }): Promise<JobOutcome>;
  job(eventId: string): Promise<JobDetails>;
  jobs(options?: ListJobsOptions): Promise<readonly Job[]>;
  /** Returns a page of jobs, filtered, with the cursor of the next page. */
  jobPage(options?: JobPageOptions): Promise<JobPage>;
  /** Cancels a job and keeps its detections. */
  cancel(eventId: string): Promise<JobDetails>;
  rerun(eventId: string, changes?: RerunChanges): Promise<Submitted>;
  /**
   * Starts a job that filters the detections of a finished job instead of detecting again.
   * @throws AppError `JOB_NOT_FOUND`; the job fails with `INVALID_INPUT` if an option is not narrower.
   */
  derive(eventId: string, options?: DeriveOptions): Promise<Submitted>;
}

/** Creates the methods for jobs on connections that the caller owns. */
export function createJobMethods(deps: VidetteClientDeps): JobMethods {
  const { temporal } = deps;
  const watchJob = createWatch(deps);
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    submit: (video, options) => call(() => submit(deps, video, options)),
    checkOptions: (options) => checkModelOptions(deps, options),
    upload: (video, options) => ingestVideo(deps, video, options),
    status: (eventId, options) => iterateTemporal(temporal, watchJob(eventId, options)),
    result: (eventId, { signal } = {}) => call(() => awaitOutcome(deps, eventId, signal)),
    job: (eventId) => call(() => getJob(deps, eventId)),
    jobs: (options) => call(() => listJobs(deps, options)),
    jobPage: (options) => call(() => jobPage(deps, options)),
    cancel: (eventId) => call(() => cancelJob(deps, eventId)),
    rerun: (eventId, changes) => call(() => rerun(deps, eventId, changes)),
    derive: (eventId, options) => call(() => derive(deps, eventId, options)),
  };
}
