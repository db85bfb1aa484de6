/** Path of the jobs. */
export const JOBS = '/api/v1/jobs';
/** Path of the batches of videos. */
export const BATCHES = '/api/v1/video-batches';
/** Path of one batch. */
export const BATCH = `${BATCHES}/:batch_id`;
/** Path of one job. */
export const JOB = `${JOBS}/:event_id`;
/** Path of the videos. */
export const VIDEOS = '/api/v1/videos';
