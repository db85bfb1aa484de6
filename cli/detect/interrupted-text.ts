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
      : ` ${notSubmitted} videos were not submitted; run the same command for them.`;
  return owned
    ? `Interrupted. ${open} jobs are paused; they resume ${PAUSED}.${rest}`
    : `Interrupted. ${open} jobs continue. List them with "vidette jobs"; stop one with "vidette cancel ID".${rest}`;
}
