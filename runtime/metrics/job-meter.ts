import { Counter, Histogram, type Registry } from 'prom-client';
import { isClosed, JOB_STATUSES } from '../../domain/job/job-status.js';
import type { JobMeter } from '../../domain/ports/meters.js';
import { countFromZero } from './count-from-zero.js';

const JOB_S = [5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600];

/** Creates the metrics of jobs that end in this process. */
export function createJobMeter(registers: Registry[]): JobMeter {
  const total = new Counter({
    name: 'vidette_jobs_total',
    help: 'Jobs that ended, by their status',
    labelNames: ['status'],
    registers,
  });
  countFromZero(total, JOB_STATUSES.filter(isClosed));
  const seconds = new Histogram({
    name: 'vidette_job_seconds',
    help: 'Seconds from the creation of a job to its end',
    buckets: JOB_S,
    registers,
  });
  return {
    closed: (status, jobS) => {
      total.inc({ status });
      seconds.observe(jobS);
    },
  };
}
