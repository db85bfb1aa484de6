import type { JobProgress, JobStatus } from '../../api/types.js';
import { isClosed } from '../api/jobs.js';
import { progressBar } from '../parts/progress-bar.js';
import { describeProgress } from './job-text.js';

interface JobProgressBar {
  readonly root: HTMLElement;
  readonly showProgress: (progress: JobProgress) => void;
  /** Hides the bar once the job has ended. */
  readonly showStatus: (job: { readonly status: JobStatus }) => void;
}

/** Progress bar of a job, visible until the job ends. */
export function jobProgressBar(label: string): JobProgressBar {
  const { root, update } = progressBar(label);
  const showStatus = (job: { readonly status: JobStatus }) => {
    root.hidden = isClosed(job);
  };
  update(null, 'waiting for the first frames');
  return {
    ...{ root, showStatus },
    showProgress: (progress) => {
      const { frames_done, frames_total } = progress;
      showStatus(progress);
      update(frames_total > 0 ? frames_done / frames_total : null, describeProgress(progress));
    },
  };
}
