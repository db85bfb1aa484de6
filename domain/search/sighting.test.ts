import { describe, expect, it } from 'vitest';
import { sightingOfCamera, sightingOfJob, type SightingSpan, timePrefix } from './sighting.js';

const span = (first_frame: number, from_ms: number): SightingSpan => ({
  ...{ class: 'dog', from_ms, to_ms: from_ms, first_frame, frames: 1, max_conf: 0.5 },
  best: { frame: first_frame, timestamp_ms: from_ms, box: [0, 0, 1, 1] },
});
const job = (created_at: string) => ({ event_id: 'e', video_id: 'v', created_at });

describe('sighting', () => {
  it('has an id that depends on the job and the span alone', () => {
    const made = sightingOfJob(job('2026-05-04T09:30:00.000Z'), span(5, 200));
    expect(made).toEqual(sightingOfJob(job('2026-05-04T09:30:00.000Z'), span(5, 200)));
    expect(made.sighting_id).toBe(`${timePrefix(made.at)}/e/000000000005/dog`);
  });

  it('has an id that sorts by time, the newest first, and then by frame', () => {
    const ids = [
      sightingOfJob(job('2026-05-05T00:00:00.000Z'), span(5, 200)),
      sightingOfJob(job('2026-05-05T00:00:00.000Z'), span(40, 1600)),
      sightingOfCamera('c', span(7, Date.parse('2026-05-04T00:00:00.000Z'))),
      sightingOfCamera('c', span(7, 0)),
    ].map(({ sighting_id }) => sighting_id);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('has the track in its id', () => {
    const made = sightingOfJob(job('2026-05-05T00:00:00.000Z'), { ...span(5, 200), track_id: 3 });
    expect(made.sighting_id).toMatch(/\/000000000005\/3\/dog$/);
  });
});
