import type { JobProgress } from '../../api/types.js';
import { getJob, isClosed, jobUrl, type Row } from './jobs.js';
import { parseEvents, readLines } from './lines.js';
import { withReconnect } from './reconnect.js';
import { request } from './request.js';

/** Streams the progress of a job until the job ends; reconnects if the connection breaks. */
export async function* streamProgress(
  eventId: string,
  signal: AbortSignal,
): AsyncGenerator<JobProgress> {
  const headers = { accept: 'text/event-stream' };
  yield* withReconnect(hasEnded(eventId, signal), signal, async function* () {
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
  yield* withReconnect(hasEnded(eventId, signal), signal, async function* () {
    const path = jobUrl(eventId, `predictions?after=${after}`);
    for await (const line of readLines(await request(path, { headers, signal }))) {
      if (line === '') continue;
      const row = JSON.parse(line) as Row; // matches the API's schema; throws if the stream broke
      after = row.frame;
      yield row;
    }
  });
}

const hasEnded = (eventId: string, signal: AbortSignal) => async () =>
  isClosed(await getJob(eventId, signal));

/** Excludes the last event of a stream, which carries no progress. */
function isProgress(event: unknown): event is JobProgress {
  return typeof event === 'object' && event !== null && 'stage' in event;
}
