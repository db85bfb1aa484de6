import { expect, it } from 'vitest';
import type { ZoneEvent } from './zone-event.js';
import { totalsOf } from './zone-totals.js';

const ZONES = [
  { name: 'room', kind: 'zone' },
  { name: 'door', kind: 'line' },
  { name: 'empty', kind: 'zone' },
] as const;
const of = (zone: string, track_id: number) => ({ zone, track_id, class: 'person', time_ms: 0 });
const NONE = { entered: 0, left: 0, in: 0, out: 0 };

it('totals passages, objects and the median dwell time of each zone and line', () => {
  const events: ZoneEvent[] = [
    { ...of('room', 1), kind: 'entered', appeared: true },
    { ...of('room', 1), kind: 'left', dwell_ms: 100 },
    { ...of('room', 1), kind: 'entered' },
    { ...of('room', 1), kind: 'left', dwell_ms: 400 },
    { ...of('room', 2), kind: 'entered' },
    { ...of('room', 2), kind: 'left', dwell_ms: 900, vanished: true },
    { ...of('room', 3), kind: 'entered' },
    { ...of('room', 3), kind: 'left', dwell_ms: 600, vanished: true },
    { ...of('door', 1), kind: 'crossed', direction: 'in' },
    { ...of('door', 2), kind: 'crossed', direction: 'out' },
    { ...of('door', 2), kind: 'crossed', direction: 'in' },
  ];
  expect(totalsOf(ZONES, events)).toEqual([
    {
      ...{ zone: 'room', kind: 'zone', objects: 3, dwell_median_ms: 500 },
      ...{ ...NONE, entered: 3, left: 2 },
    },
    {
      ...{ zone: 'door', kind: 'line', objects: 2, dwell_median_ms: null },
      ...{ ...NONE, in: 2, out: 1 },
    },
    { ...NONE, zone: 'empty', kind: 'zone', objects: 0, dwell_median_ms: null },
  ]);
});
