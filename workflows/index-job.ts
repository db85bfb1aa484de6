import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Assembled, OpenedEvent } from '../domain/job/activity-contracts.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';

/**
 * Sets the search attributes of a job whose event is open. Search attributes are never encrypted, so
 * that a job with encrypted payloads has no others than its event id and status.
 */
export function indexOpened(event: OpenedEvent): void {
  const { event_id, video_id, model, sealed, rerun_of, indexes_rerun = false } = event;
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.eventId, value: event_id },
    ...(sealed
      ? []
      : [
          { key: SEARCH_ATTRIBUTES.videoId, value: video_id },
          { key: SEARCH_ATTRIBUTES.model, value: model.name },
          ...(rerun_of !== null && indexes_rerun
            ? [{ key: SEARCH_ATTRIBUTES.rerunOf, value: rerun_of }]
            : []),
        ]),
    { key: SEARCH_ATTRIBUTES.status, value: 'processing' },
  ]);
}

/** Sets the status of a running job. */
export function indexStatus(status: JobStatus): void {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.status, value: status }]);
}

/** Sets the status of a job that has ended, with the counts and classes of its result if it has one. */
export function indexClosed(
  { indexes_result = false }: OpenedEvent,
  status: JobStatus,
  result: Assembled | undefined,
): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.status, value: status },
    ...(result && indexes_result ? countAttributes(result) : []),
  ]);
}

function countAttributes({ frames, skipped, objects, classes = [] }: Assembled) {
  return [
    { key: SEARCH_ATTRIBUTES.frames, value: frames },
    { key: SEARCH_ATTRIBUTES.skipped, value: skipped },
    { key: SEARCH_ATTRIBUTES.objects, value: objects },
    ...(classes.length > 0 ? [{ key: SEARCH_ATTRIBUTES.classes, value: [...classes] }] : []),
  ];
}
