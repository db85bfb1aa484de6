import { log } from '@temporalio/activity';
import { BUCKETS, keys } from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { JobMeter } from '../domain/ports/meters.js';
import type { CloseInput } from '../domain/job/activity-contracts.js';

export interface CloseEventDeps {
  readonly documents: Pick<DocumentStore, 'findEvent' | 'updateEvent'>;
  readonly jobMeter: JobMeter;
}

/** Writes the final status of an event, unless a newer run has taken the event over. */
export async function closeEvent(
  { documents, jobMeter }: CloseEventDeps,
  { event_id, first_run_id, status, error, counts, device_used }: CloseInput,
): Promise<void> {
  const now = new Date();
  const closed = await documents.updateEvent(event_id, first_run_id, {
    status,
    error,
    closed_at: now,
    ...(status === 'ready' && { ready_at: now }),
    ...(counts && {
      frames_done: counts.frames,
      skipped: counts.skipped,
      objects: counts.objects,
      device_used,
      result: { bucket: BUCKETS.results, key: keys.result(event_id) },
    }),
  });
  if (closed) {
    const { created_at = now } = (await documents.findEvent(event_id)) ?? {};
    jobMeter.closed(status, (now.getTime() - created_at.getTime()) / 1000);
  }
  log.info('event closed', { event: event_id, status, written: closed });
}
