import { Context } from '@temporalio/activity';

const HEARTBEAT_MS = 1000;

/** What a long step uses to be watched and stopped. */
export interface Beat {
  /** Aborted when the activity is cancelled, timed out or its worker stops. */
  readonly signal: AbortSignal;
  /** Sets what the next heartbeats report, such as the frames that are done. */
  readonly report: (details: object) => void;
}

/** Runs a long step with a heartbeat each second, independent of its own pace. */
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
