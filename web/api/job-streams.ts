import type { JobProgress } from '../../api/types.js';
import { pause, waitUntilBack } from './connection.js';
import { getJob, isClosed, jobUrl, type Row } from './jobs.js';
import { parseEvents, readLines } from './lines.js';
import { request, RequestError } from './request.js';

/** Pause before reconnecting a broken stream. */
const RECONNECT_MS = 2000;

/** Streams the progress of a job until the job ends; reconnects if the connection breaks. */
export async function* streamProgress(
  eventId: string,
  signal: AbortSignal,
): AsyncGenerator<JobProgress> {
  const headers = { accept: 'text/event-stream' };
  yield* withReconnect(eventId, signal, async function* () {
    const response = await request(jobUrl(eventId, 'events'), { headers, signal });
    for await (const event of parseEvents(readLines(response))) if (isProgress(event)) yield event;
  });
}

/**
 * Streams the frames of a job in frame order while its ranges are stored; ends with the job. If the
 * connection breaks, reconnects after the last frame received.
 */
export async function* streamRows(eventId: string, signal: AbortSignal): AsyncGenerator<Row> {
  const headers = { accept: 'application/x-ndjson' };
  let after = -1;
  yield* withReconnect(eventId, signal, async function* () {
    const path = jobUrl(eventId, `predictions?after=${after}`);
    for await (const line of readLines(await request(path, { headers, signal }))) {
      if (line === '') continue;
      const row = JSON.parse(line) as Row; // matches the API's schema; throws if the stream broke
      after = row.frame;
      yield row;
    }
  });
}

/**
 * Repeats a stream of a job until the job has ended. Reconnects if the stream breaks or ends before
 * the job does: an API that shuts down ends its streams.
 */
async function* withReconnect<Item>(
  eventId: string,
  signal: AbortSignal,
  stream: () => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  for (;;) {
    try {
      yield* stream();
      if (isClosed(await getJob(eventId, signal))) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RequestError && !error.isTemporary) throw error;
    }
    if (!(await mayReconnect(signal))) return;
  }
}

/** Waits until a stream can reconnect. @returns false if the page was left meanwhile */
async function mayReconnect(signal: AbortSignal): Promise<boolean> {
  try {
    await pause(RECONNECT_MS, signal);
    await waitUntilBack(signal);
    return true;
  } catch {
    return false;
  }
}

/** Excludes the last event of a stream, which carries no progress. */
function isProgress(event: unknown): event is JobProgress {
  return typeof event === 'object' && event !== null && 'stage' in event;
}
