import { expect, it } from 'vitest';
import { formatZoneCounts, zoneEventsCsv } from './zones-text.js';

const track = { zone: 'room', track_id: 3, class: 'person' };

it('formats the counts of each minute as a table', () => {
  const minutes = [
    { minute_ms: 120_000, zone: 'room', class: 'person', entered: 12, left: 3, in: 0, out: 0 },
  ];
  expect(
    formatZoneCounts({ events: [], minutes })
      .split('\n')
      .map((line) => line.split(/ +/)),
  ).toEqual([
    ['minute', 'zone', 'class', 'entered', 'left', 'in', 'out'],
    ['2', 'room', 'person', '12', '3', '0', '0'],
  ]);
  expect(formatZoneCounts({ events: [], minutes: [] })).toBe('No object passed a zone or line.');
});

it('writes events as CSV', () => {
  const csv = zoneEventsCsv([
    { ...track, time_ms: 40, kind: 'entered', appeared: true },
    { ...track, time_ms: 90.5, kind: 'left', dwell_ms: 50.5 },
    { ...track, time_ms: 95, kind: 'crossed', direction: 'out' },
  ]);
  expect(csv.split('\r\n')).toEqual([
    'time_ms,zone,kind,track_id,class,direction,dwell_ms,appeared,vanished',
    '40,room,entered,3,person,,,true,',
    '90.5,room,left,3,person,,50.5,,',
    '95,room,crossed,3,person,out,,,',
    '',
  ]);
});
