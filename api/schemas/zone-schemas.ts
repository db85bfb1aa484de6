import { z } from 'zod';
import { described } from '../../domain/described.js';
import { bucketName } from '../../domain/job/job-input.js';
import { DEFAULT_ZONES } from '../../domain/zone/zone-set.js';
import { type ZoneOrLine, zonesSchema } from '../../domain/zone/zone.js';
import { ID } from '../../domain/names.js';
import { count, EXAMPLE, time } from './common.js';

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

const totals = z
  .object({
    zone: name,
    kind: described(z.enum(['zone', 'line']), 'Whether it is a zone or a line.', 'line'),
    objects: count('Number of objects that were in the zone or crossed the line.', 5),
    entered: count('Number of passages into the zone.', 0),
    left: count('Number of passages out of the zone.', 0),
    in: count('Number of passages to the right of the line.', 3),
    out: count('Number of passages to the left of the line.', 2),
    dwell_median_ms: described(
      z.number().nullable(),
      'Median of the times in the zone, in milliseconds; null for a line or without an object.',
      null,
    ),
  })
  .meta({ id: 'ZoneTotals', description: 'Passages and objects of a job at a zone or line.' });

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
    totals: described(
      z.array(totals).readonly(),
      'Totals of each zone and line, in the order of the request.',
    ),
  })
  .meta({ id: 'ZoneReport', description: 'What the tracks of a job did at zones and lines.' });

const setName = described(z.string().regex(ID), 'Name of the zones.', DEFAULT_ZONES);

export const zoneSetSchema = z
  .object({
    name: setName,
    zones: described(zonesSchema.readonly(), 'Zones and lines.', [EXAMPLE_ZONE]),
    updated_at: time('Time of the last change.'),
  })
  .meta({ id: 'ZoneSet', description: 'Zones and lines of a video under a name.' });

export const zoneSetsSchema = z
  .object({ sets: described(z.array(zoneSetSchema).readonly(), 'Named zones, by name.') })
  .meta({ id: 'ZoneSets', description: 'Named zones and lines of a video.' });

/** Path parameters of the zones of a video. */
export const zoneSetsParams = z.object({
  video_id: described(z.string().regex(ID), 'Id of the video.', EXAMPLE.video),
});

/** Path parameters of named zones of a video. */
export const zoneSetParams = zoneSetsParams.extend({ name: setName });

export const zoneSetsQuery = z.object({
  bucket: described(bucketName.default('videos'), 'Bucket that holds the video.', 'videos'),
});

/** Formats of a report. */
const ZONE_FORMATS = ['json', 'events-csv', 'minutes-csv'] as const;

export const zoneReportQuery = z.object({
  name: setName.default(DEFAULT_ZONES),
  format: described(
    z.enum(ZONE_FORMATS).default('json'),
    'JSON, or the events or the counts of each minute as CSV.',
    'json',
  ),
});
