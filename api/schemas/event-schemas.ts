import { z } from 'zod';
import { described } from '../../domain/described.js';
import { count, next, time } from './common.js';
import { rangeQuery } from './stream-log-schemas.js';
import { scenarioUuid } from './stream-schemas.js';
import { countFields } from './zone-schemas.js';

const EVENT_ID = /^\d{8}T\d{9}Z-(\d{1,3}|z[0-9a-f]{12})$/;
const EXAMPLE_ID = '20260111T123005123Z-0';

const eventId = described(z.string().regex(EVENT_ID), 'Id of the event.', EXAMPLE_ID);

/** Path parameters of an event. */
export const eventParams = z.object({ scenario_uuid: scenarioUuid, event_id: eventId });

export const eventsQuery = rangeQuery.extend({
  kind: described(
    z.enum(['rule', 'zone']).optional(),
    'Only events of rules, or passages of zones and lines. Default: both.',
  ),
  limit: described(
    z.coerce.number().int().min(1).max(200).default(50),
    'Maximum number of events of the page.',
    50,
  ),
  cursor: described(eventId.optional(), 'The `next` of the page before.', EXAMPLE_ID),
});

const clipSchema = z
  .discriminatedUnion('state', [
    z.object({ state: described(z.literal('recording'), 'The clip is being recorded.') }),
    z.object({
      state: described(z.literal('stored'), 'The clip is stored.'),
      from: time('Start of the clip: the keyframe before the event.'),
      to: time('End of the clip.'),
      bytes: count('Size of the clip.', 2_400_000),
      message: described(
        z.string().optional(),
        'Reason for which the clip ends before the event.',
        'The recording ended with the worker that made it.',
      ),
    }),
    z.object({
      state: described(z.literal('failed'), 'The clip could not be made.'),
      message: described(z.string(), 'Reason.', 'The camera closed the connection.'),
    }),
    z.object({ state: described(z.literal('removed'), 'The clip was removed to free its space.') }),
  ])
  .meta({ id: 'EventClip', description: 'Clip of an event.' });

const passageSchema = z
  .object({
    name: described(z.string(), 'Name of the zone or line.', 'door'),
    kind: described(z.enum(['entered', 'left', 'crossed']), 'What the object did.', 'crossed'),
    track_id: count('Id of the track of the object.', 7),
    direction: described(
      z.enum(['in', 'out']).optional(),
      'Of a line: to the right of its direction (`in`), or to its left (`out`).',
      'in',
    ),
    dwell_ms: described(
      z.number().optional(),
      'Of an object that left a zone: milliseconds since its entry.',
      5200,
    ),
    appeared: described(z.literal(true).optional(), 'Present if the track begins in the zone.'),
    vanished: described(z.literal(true).optional(), 'Present if the track ends in the zone.'),
  })
  .meta({ id: 'ZonePassage', description: 'What an object did at a zone or line of a camera.' });

const eventSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    event_id: eventId,
    rule: described(
      z.int().min(0).nullable(),
      'Index of the rule in `notify`; null for a passage of a zone or line.',
      0,
    ),
    zone: described(passageSchema.optional(), 'Present for a passage of a zone or line.'),
    classes: described(z.array(z.string()).readonly(), 'Classes of the objects.', ['person']),
    confidence: described(z.number(), 'Highest confidence of an object.', 0.91),
    objects: count('Maximum number of objects in one row.', 2),
    first_frame: count('Number of the first row.', 1234),
    last_frame: count('Number of the last row.', 1260),
    started_at: time('Timestamp of the first row.'),
    last_seen_at: time('Timestamp of the last row.'),
    ended_at: described(
      z.iso.datetime().nullable(),
      'End; null while the objects are seen.',
      '2026-01-11T12:30:18.123Z',
    ),
    clip: described(clipSchema.nullable(), 'Null if the scenario does not record.'),
    snapshot: described(z.boolean(), 'Whether an image of the first frame is stored.'),
  })
  .meta({
    id: 'StreamEvent',
    description: 'Time in which objects of a rule were seen, or a passage.',
  });

export const zoneCountsSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    from: time('Start of the span.'),
    to: time('End of the span, excluded.'),
    minutes: described(
      z
        .array(
          z
            .object({ minute: time('Start of the minute.'), ...countFields })
            .meta({ id: 'CameraMinute', description: 'Passages of a minute by one class.' }),
        )
        .readonly(),
      'Minutes with passages; tracks that begin or end in a zone did not pass its border.',
    ),
  })
  .meta({ id: 'CameraZoneCounts', description: 'Passages of the zones and lines of a scenario.' });

export const eventPageSchema = z
  .object({
    events: described(z.array(eventSchema).readonly(), 'Events, the newest first.'),
    next,
  })
  .meta({ id: 'StreamEventPage', description: 'Page of the list of events.' });
