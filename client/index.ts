export { AppError, ERROR_CODES, type ErrorCode } from '../domain/errors.js';
export type { ExportOptions } from '../domain/export/export-source.js';
export { EXPORT_FORMATS, type ExportFormat } from '../domain/export/formats.js';
export type { JobRequest } from '../domain/job/job-input.js';
export { JOB_STATUSES, type JobStatus } from '../domain/job/job-status.js';
export type { DocumentStore } from '../domain/ports/document-store.js';
export type { ModelRegistry } from '../domain/ports/model-registry.js';
export type { ObjectStore } from '../domain/ports/object-store.js';
export type { Progress, Stage } from '../domain/job/progress.js';
export type { DetectionResult } from '../domain/result/result.js';
export type { JobOutcome } from '../domain/job/activity-contracts.js';
export type { BatchJob } from '../domain/job/batch.js';
export type { Batch } from './batches/batch-view.js';
export type { Batches, BatchPage } from './batches/batches.js';
export type { BatchStartOptions, StartedBatch } from './batches/start-batch.js';
export type { PrunedJobs, PruneRequest } from '../domain/job/deletion.js';
export type { DeleteJobOptions, Deletion } from './deletion/delete-job.js';
export type { VidetteClientDeps } from './deps.js';
export type { JobFilter, JobPage, JobPageOptions } from './jobs/job-pages.js';
export type { ExportStreamOptions } from './results/exports.js';
export type { AwaitRenderOptions, RenderState } from './renders/renders.js';
export type { ListJobsOptions } from './jobs/job-pages.js';
export type { PredictionsOptions } from './results/predictions.js';
export type { TimedSkip } from './results/frames-by-time.js';
export { isSkipped, type ResultFrame } from '../domain/result/result.js';
export type { RerunChanges } from './jobs/rerun.js';
export type { ScheduleInfo } from './schedules/list-schedules.js';
export { OVERLAPS, type ScheduleRequest } from './schedules/schedule-request.js';
export type { Schedules } from './schedules/schedules.js';
export type {
  DetectionOptions,
  Download,
  Downloaded,
  Job,
  JobDetails,
  JobError,
  JobProgress,
  Model,
  ModelPage,
  OnIngest,
  PageOptions,
  ResultOverview,
  SubmitOptions,
  Submitted,
  Video,
  VideoInput,
  VideoPage,
} from './types.js';
export { MODEL_CURSOR } from './models.js';
export { checkSubmitOptions } from './jobs/submit.js';
export { createVidetteClient, type VidetteClient } from './vidette-client.js';
export type { WatchOptions } from './jobs/watch.js';
