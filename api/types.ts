/** What the routes answer with, for those that call them; types only. */
export type { Job, JobDetails, JobProgress, ResultOverview } from '../client/types.js';
export type { StoredObject } from '../domain/detection.js';
export type { JobStatus } from '../domain/job-status.js';
export type { FrameRow, ResultHeader, SkippedFrame } from '../domain/result.js';
export type { Problem } from './problem.js';
export type { SystemInfo } from './routes/system.js';
