import type { JobProgress } from '../../api/types.js';
import { workInTurn } from '../api/in-turn.js';
import { getJob, isClosed } from '../api/jobs.js';

interface FollowOptions {
  /** Event ids of the running jobs that are shown. */
  readonly running: () => readonly string[];
  readonly onProgress: (eventId: string, progress: JobProgress) => void;
  /** Called when a running job has ended. */
  readonly onEnd: () => void;
  readonly signal: AbortSignal;
}

/** Reads the progress of all running jobs in turn until the signal aborts. */
export function followProgress({ running, onProgress, onEnd, signal }: FollowOptions) {
  const work = async (eventId: string) => {
    const job = await getJob(eventId, signal);
    if (job.progress) onProgress(eventId, job.progress);
    if (isClosed(job)) onEnd();
  };
  return workInTurn({ items: running, work, signal });
}
