import type { JobProgress, JobStatus } from '../../api/types.js';
import { isClosed } from '../api/jobs.js';
import { formatCount, formatDuration } from '../format.js';
import { progressBar } from '../parts/progress-bar.js';

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

/** @example describeProgress(progress) // 'detecting, 120 of 400 frames, 31.4 fps, 9.0 s left' */
function describeProgress(progress: JobProgress): string {
  const { stage, frames_done, frames_total, fps, eta_s, skipped, error } = progress;
  if (error) return `${stage}: ${error.message}`;
  return [
    stage,
    frames_total > 0 && `${formatCount(frames_done)} of ${formatCount(frames_total)} frames`,
    skipped > 0 && `${formatCount(skipped)} skipped`,
    fps > 0 && `${fps.toFixed(1)} fps`,
    eta_s !== null && eta_s > 0 && `${formatDuration(eta_s)} left`,
  ]
    .filter(Boolean)
    .join(', ');
}
