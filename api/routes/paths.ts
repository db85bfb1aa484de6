/** Path of the jobs. */
export const JOBS = '/api/v1/jobs';
/** Path of one job. */
export const JOB = `${JOBS}/:event_id`;
