import { Context } from '@temporalio/activity';

const HEARTBEAT_MS = 1000;

/** Cancellation and progress of a long activity. */
export interface Beat {
  /** Aborts when the activity is cancelled or timed out, or its worker stops. */
  readonly signal: AbortSignal;
  /** Sets the details of the next heartbeats, such as the number of frames done. */
  readonly report: (details: object) => void;
}

/** Runs a long activity with a heartbeat every second, whatever its progress. */
export async function withHeartbeat<T>(work: (beat: Beat) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: object = {};
  const timer = setInterval(() => context.heartbeat(details), HEARTBEAT_MS);
  try {
    return await work({
      signal: context.cancellationSignal,
      report: (next) => {
        details = next;
      },
    });
  } finally {
    clearInterval(timer);
  }
}
