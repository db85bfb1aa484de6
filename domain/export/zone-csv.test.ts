import { expect, it } from 'vitest';
import { zoneEventsCsv, zoneMinutesCsv } from './zone-csv.js';

const track = { zone: 'room', track_id: 3, class: 'person, small' };

it('writes events as CSV', () => {
  const csv = zoneEventsCsv({
    events: [
      { ...track, time_ms: 40, kind: 'entered', appeared: true },
      { ...track, time_ms: 90.5, kind: 'left', dwell_ms: 50.5 },
      { ...track, time_ms: 95, kind: 'crossed', direction: 'out' },
    ],
  });
  expect(csv.split('\r\n')).toEqual([
    'time_ms,zone,kind,track_id,class,direction,dwell_ms,appeared,vanished',
    '40,room,entered,3,"person, small",,,true,',
    '90.5,room,left,3,"person, small",,50.5,,',
    '95,room,crossed,3,"person, small",out,,,',
    '',
  ]);
});

it('writes the counts of minutes as CSV', () => {
  const counts = { zone: 'room', class: 'person', entered: 12, left: 3, in: 0, out: 0 };
  expect(zoneMinutesCsv({ minutes: [{ ...counts, minute_ms: 60_000 }] }).split('\r\n')).toEqual([
    'minute_ms,zone,class,entered,left,in,out',
    '60000,room,person,12,3,0,0',
    '',
  ]);
});
