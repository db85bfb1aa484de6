import type { JobProgress } from '../../api/types.js';
import { pause, whenBack } from './connection.js';
import { getJob, isClosed, jobPart, type Row } from './jobs.js';
import { eventsOf, linesOf } from './lines.js';
import { request, RequestError } from './request.js';

/** Pause before a stream that broke is asked for again. */
const RECONNECT_MS = 2000;

/** Progress of a job until it ends; a connection that breaks is made again. */
export async function* progressOf(
  eventId: string,
  signal: AbortSignal,
): AsyncGenerator<JobProgress> {
  const headers = { accept: 'text/event-stream' };
  yield* unbroken(eventId, signal, async function* () {
    const response = await request(jobPart(eventId, 'events'), { headers, signal });
    for await (const event of eventsOf(linesOf(response))) if (isProgress(event)) yield event;
  });
}

/**
 * Each frame of a job in frame order, as ranges are stored; ends with the job. A connection that
 * breaks is made again, from the frame after the last one.
 */
export async function* rowsOf(eventId: string, signal: AbortSignal): AsyncGenerator<Row> {
  const headers = { accept: 'application/x-ndjson' };
  let after = -1;
  yield* unbroken(eventId, signal, async function* () {
    const path = jobPart(eventId, `predictions?after=${after}`);
    for await (const line of linesOf(await request(path, { headers, signal }))) {
      if (line === '') continue;
      const row = JSON.parse(line) as Row; // the API's own writing; throws where the stream broke
      after = row.frame;
      yield row;
    }
  });
}

/**
 * What a stream of a job gives until the job has ended. It is asked for again when it breaks, and
 * when it ends before the job does: an API that is being stopped ends its streams.
 */
async function* unbroken<Item>(
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

/** Waits until a stream may be asked for again; false when nobody wants it any more. */
async function mayReconnect(signal: AbortSignal): Promise<boolean> {
  try {
    await pause(RECONNECT_MS, signal);
    await whenBack(signal);
    return true;
  } catch {
    return false;
  }
}

/** The last event of a stream has no data. */
function isProgress(event: unknown): event is JobProgress {
  return typeof event === 'object' && event !== null && 'stage' in event;
}
