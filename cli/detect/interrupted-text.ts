import { Interrupted } from '../exit-codes.js';

const PAUSED = 'when the stack is started again, by the same command or "vidette up"';

/** Describes what happens to a job after Ctrl-C; `owned` servers stop with the command. */
export function interruptedJobText(eventId: string, owned: boolean): string {
  return owned
    ? `Interrupted. Job ${eventId} is paused; it resumes ${PAUSED}.`
    : `Interrupted. Job ${eventId} continues. Show it with "vidette job ${eventId}"; stop it with "vidette cancel ${eventId}".`;
}

/** Describes what happens to a batch after Ctrl-C. */
export function interruptedBatchText(batchId: string, owned: boolean): string {
  return owned
    ? `Interrupted. Batch ${batchId} is paused; it resumes ${PAUSED}.`
    : `Interrupted. Batch ${batchId} continues. Show it with "vidette batch ${batchId}"; stop it with "vidette batch ${batchId} --cancel".`;
}

/** Describes the videos of a batch that was interrupted before it started. */
export function interruptedIngestText(ingested: number, total: number): string {
  return `Interrupted. ${ingested} of ${total} videos are stored, and no job was started. Run the same command to continue.`;
}

/** Returns a handler that gives {@link Interrupted} this text, and throws other errors as they are. */
export function explainInterruption(text: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Interrupted ? new Interrupted(text) : error;
  };
}
