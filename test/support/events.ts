import type { EventDocument } from '../../domain/job/event.js';
import { parametersOf, parseJobInput } from '../../domain/job/job-input.js';

/** An event that has just been opened, with some fields changed. */
export function eventDocument(fields: Partial<EventDocument> = {}): EventDocument {
  const parameters = parametersOf(parseJobInput({ video_id: 'clip' }));
  return {
    event_id: 'event',
    video_id: 'clip',
    bucket: 'videos',
    status: 'processing',
    frames_total: null,
    frames_done: 0,
    result: null,
    error: null,
    created_at: new Date(0),
    ready_at: null,
    closed_at: null,
    fingerprint: 'f',
    video_etag: 'e',
    model: { name: 'mock', version: 1, sha256: 's' },
    parameters,
    device: 'cpu',
    rerun_of: null,
    run_id: 'run',
    workflow_id: 'video-detection/event',
    skipped: null,
    objects: null,
    device_used: {},
    ...fields,
  };
}
