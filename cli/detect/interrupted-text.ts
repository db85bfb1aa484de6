import { formatCount } from '../format.js';

const PAUSED = 'when the stack is started again, by the same command or "vidette up"';

/** Describes what happens to a job after Ctrl-C; `owned` servers stop with the command. */
export function interruptedJobText(eventId: string, owned: boolean): string {
  return owned
    ? `Interrupted. Job ${eventId} is paused; it resumes ${PAUSED}.`
    : `Interrupted. Job ${eventId} continues. Show it with "vidette job ${eventId}"; stop it with "vidette cancel ${eventId}".`;
}

/** Describes what happens to the jobs of several videos after Ctrl-C. */
export function interruptedJobsText(open: number, notSubmitted: number, owned: boolean): string {
  const rest =
    notSubmitted === 0
      ? ''
      : ` Videos that are not submitted: ${notSubmitted}. Run the same command to submit them.`;
  if (open === 0) return `Interrupted.${rest}`;
  return owned
    ? `Interrupted. Paused: ${formatCount(open, 'job')}, to be resumed ${PAUSED}.${rest}`
    : `Interrupted. Still running: ${formatCount(open, 'job')}. List with "vidette jobs"; stop one with "vidette cancel ID".${rest}`;
}
