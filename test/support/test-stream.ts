import type { Stream } from '../../client/index.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';

/** A running scenario for tests. */
export function testStream(fields: Partial<Stream> = {}): Stream {
  return {
    ...{ scenario_uuid: UUID, worker_id: null, state: 'live', since: null, message: '' },
    ...{ frame_number: 1, fps: 2, lag_ms: 210, frame_size: null, camera: 'rtsp://10.0.0.7' },
    ...{ parameters: null, model: null, started_at: '2026-01-11T12:00:00.000Z', ended_at: null },
    ...{ outcome: null, workflow_id: `stream/${UUID}` },
    ...fields,
  };
}
