import { z } from 'zod';
import { described } from '../../domain/described.js';
import { type ZoneOrLine, zonesSchema } from '../../domain/zone/zone.js';
import { count } from './common.js';

const EXAMPLE_ZONE: ZoneOrLine = {
  ...{ name: 'door', kind: 'line' },
  points: [
    [0.2, 0.5],
    [0.8, 0.5],
  ],
};

export const zonesRequest = z
  .strictObject({
    zones: described(zonesSchema, 'Zones and lines, each with another name.', [EXAMPLE_ZONE]),
  })
  .meta({ id: 'ZonesRequest', description: 'Zones and lines of the frame.' });

const name = described(z.string(), 'Name of the zone or line.', 'entrance');
const className = described(z.string(), 'Class of the object.', 'person');

const ofTrack = {
  zone: name,
  track_id: count('Id of the track.', 7),
  class: className,
  time_ms: described(
    z.number(),
    'Time of the first position on the new side, in milliseconds from the start of the video.',
    12_480,
  ),
};

const EXAMPLE_TRACK = { zone: 'door', track_id: 7, class: 'person', time_ms: 12_480 };

const entered = z
  .object({
    ...ofTrack,
    kind: described(z.literal('entered'), 'Kind of event.'),
    appeared: described(z.literal(true).optional(), 'Present if the track begins in the zone.'),
  })
  .meta({ id: 'ZoneEntry', description: 'An object entered a zone.' });

const left = z
  .object({
    ...ofTrack,
    kind: described(z.literal('left'), 'Kind of event.'),
    dwell_ms: described(z.number(), 'Time in the zone, in milliseconds.', 5200),
    vanished: described(z.literal(true).optional(), 'Present if the track ends in the zone.'),
  })
  .meta({ id: 'ZoneExit', description: 'An object left a zone.' });

const crossed = z
  .object({
    ...ofTrack,
    kind: described(z.literal('crossed'), 'Kind of event.'),
    direction: described(
      z.enum(['in', 'out']),
      'To the right of the direction of the line (`in`), or to its left (`out`).',
      'in',
    ),
  })
  .meta({ id: 'LineCrossing', description: 'An object crossed a line.' });

/** Counts of a minute by zone and class. */
export const countFields = {
  ...{ zone: name, class: className },
  entered: count('Number of objects that entered the zone.', 3),
  left: count('Number of objects that left the zone.', 2),
  in: count('Number of objects that crossed the line to its right.', 0),
  out: count('Number of objects that crossed the line to its left.', 0),
};

const minute = z
  .object({
    minute_ms: described(z.number(), 'Start of the minute, in milliseconds.', 60_000),
    ...countFields,
  })
  .meta({ id: 'ZoneCounts', description: 'Passages of a minute at a zone or line by one class.' });

export const zoneReportSchema = z
  .object({
    events: described(
      z.array(z.discriminatedUnion('kind', [entered, left, crossed])).readonly(),
      'What the tracks did, by time.',
      [{ ...EXAMPLE_TRACK, kind: 'crossed', direction: 'in' }],
    ),
    minutes: described(
      z.array(minute).readonly(),
      'Passages of each minute; tracks that begin or end in a zone did not pass its border.',
    ),
  })
  .meta({ id: 'ZoneReport', description: 'What the tracks of a job did at zones and lines.' });
