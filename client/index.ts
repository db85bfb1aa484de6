export { AppError, ERROR_CODES, type ErrorCode } from '../domain/errors.js';
export type { ExportOptions } from '../domain/export/export-source.js';
export { EXPORT_FORMATS, type ExportFormat } from '../domain/export/formats.js';
export type { JobRequest } from '../domain/job-input.js';
export { JOB_STATUSES, type JobStatus } from '../domain/job-status.js';
export type { DocumentStore } from '../domain/ports/document-store.js';
export type { ModelRegistry } from '../domain/ports/model-registry.js';
export type { ObjectStore } from '../domain/ports/object-store.js';
export type { Progress, Stage } from '../domain/progress.js';
export type { DetectionResult } from '../domain/result.js';
export type { JobOutcome } from '../domain/steps.js';
export type { VidetteClientDeps } from './deps.js';
export type { JobPage, JobPageOptions } from './job-pages.js';
export type { ExportStreamOptions } from './exports.js';
export type { AwaitRenderingOptions, RenderingState } from './renderings.js';
export type { ListJobsOptions } from './jobs.js';
export type { PredictionsOptions } from './predictions.js';
export type { TimedSkip } from './frames-by-time.js';
export { isSkipped, type ResultFrame } from './result-frames.js';
export type { RerunChanges } from './rerun.js';
export { OVERLAPS, type ScheduleInfo, type ScheduleRequest, type Schedules } from './schedules.js';
export type {
  DetectionOptions,
  Download,
  Downloaded,
  Job,
  JobDetails,
  JobError,
  JobProgress,
  OnBringIn,
  ResultOverview,
  SubmitOptions,
  Submitted,
  VideoInput,
} from './types.js';
export { checkSubmitOptions } from './submit.js';
export { createVidetteClient, type VidetteClient } from './vidette-client.js';
export type { WatchOptions } from './watch.js';
export { isUnavailable } from './while-unavailable.js';
