import type { JobProgress } from '../../api/types.js';
import { pause, waitUntilBack } from '../api/connection.js';
import { getJob, isClosed } from '../api/jobs.js';

/** Pause between two requests: bounds them to 150 per minute, whatever the number of jobs. */
const PAUSE_MS = 400;

interface FollowOptions {
  /** Event ids of the running jobs that are shown. */
  readonly running: () => readonly string[];
  readonly onProgress: (eventId: string, progress: JobProgress) => void;
  /** Called when a running job has ended. */
  readonly onEnd: () => void;
  readonly signal: AbortSignal;
}

/**
 * Reads the progress of all running jobs in turn until the signal aborts. Streams would need a
 * connection per job, of which a browser opens six per server.
 */
export async function followProgress(options: FollowOptions): Promise<void> {
  const { running, signal } = options;
  while (!signal.aborted) {
    for (const eventId of running()) {
      await readOne(eventId, options);
      await rest(signal);
    }
    await rest(signal);
  }
}

/** Resolves after the pause, or when the signal aborts. */
const rest = (signal: AbortSignal) => pause(PAUSE_MS, signal).catch(() => undefined);

async function readOne(eventId: string, { onProgress, onEnd, signal }: FollowOptions) {
  try {
    await waitUntilBack(signal);
    const job = await getJob(eventId, signal);
    if (job.progress) onProgress(eventId, job.progress);
    if (isClosed(job)) onEnd();
  } catch {
    // The list reports an unavailable API; a job that was deleted leaves the list.
  }
}
