import { describe, expect, it } from 'vitest';
import type { FoundSighting } from '../client/index.js';
import { formatSightings } from './sightings-text.js';

const SIGHTING: FoundSighting = {
  ...{ sighting_id: '1', class: 'dog', at: '2026-05-04T09:30:00.000Z', event_id: 'job-1' },
  ...{ video_id: 'v', video_name: 'street.mp4', scenario_uuid: null },
  ...{ from_ms: 62_400, to_ms: 3_725_090, first_frame: 5, frames: 22, max_conf: 0.912 },
  best: { frame: 5, timestamp_ms: 62_400, box: [0, 0, 1, 1] },
};

describe('formatSightings', () => {
  it('has a row for each sighting, and the cursor of the next page', () => {
    const lines = formatSightings({ sightings: [SIGHTING], next: 'abc' }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^dog {4}0\.91 {2}street\.mp4 {2}1:02\.4 {2}62:05\.0 {2}22 /);
    expect(lines[1]).toMatch(/job-1$/);
    expect(lines[2]).toBe('More: --cursor abc');
  });

  it('shows the time of day of a camera', () => {
    const uuid = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
    const from_ms = new Date(2026, 4, 4, 9, 30, 5).getTime();
    const camera = { ...SIGHTING, ...{ event_id: null, video_id: null, video_name: null } };
    const seen = { ...camera, scenario_uuid: uuid, from_ms, to_ms: from_ms };
    const [, row] = formatSightings({ sightings: [seen], next: null }).split('\n');
    expect(row).toContain('camera  09:30:05  09:30:05');
    expect(row).toMatch(new RegExp(`${uuid}$`));
  });

  it('says that nothing matches', () => {
    expect(formatSightings({ sightings: [], next: null })).toMatch(/^Nothing matches\./);
  });
});
