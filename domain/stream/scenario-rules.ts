import { z } from 'zod';
import { activeHoursSchema } from '../alert/active-hours.js';
import { described } from '../described.js';
import { jobInputSchema } from '../job/job-input.js';
import { ID } from '../names.js';

/** Clips of the events of a scenario. */
export const recordSchema = z
  .strictObject({
    before_s: described(
      z.number().min(0).max(60).default(5),
      'Seconds before the event; the clip starts at the keyframe before.',
      5,
    ),
    after_s: described(z.number().min(0).max(600).default(10), 'Seconds after the event.', 10),
    keep_days: described(
      z.int().min(1).max(3650).default(7),
      'Days after which clips are removed.',
      7,
    ),
  })
  .meta({ id: 'Record', description: 'Clips of events.' });

/** Rule that makes events of rows, and notifies a webhook of them. */
export const notifyRuleSchema = z
  .strictObject({
    classes: described(
      jobInputSchema.shape.classes,
      'Classes that start an event. Default: all that are detected.',
      ['person'],
    ),
    conf: described(
      z.number().min(0).max(1).default(0),
      'Minimum confidence of an object that counts.',
      0.5,
    ),
    zone: described(
      z.string().regex(ID, 'expected the name of a zone').optional(),
      'Name of a zone or line of the scenario: only objects in the zone, or that cross the line, count. Default: the whole frame.',
      'door',
    ),
    direction: described(
      z.enum(['in', 'out']).optional(),
      'Of a line: only crossings in this direction. Default: both.',
    ),
    frames: described(
      z.int().min(1).max(10_000).default(2),
      'Rows in a row with such an object after which the event starts; a crossing starts it at once.',
      2,
    ),
    quiet_s: described(
      z.number().min(1).max(86_400).default(30),
      'Seconds without such an object after which the event ends.',
      30,
    ),
    hours: described(activeHoursSchema.optional(), 'Times of day. Default: always.', {
      from: '22:00',
      to: '06:00',
    }),
    url: described(
      z
        .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
        .max(2048)
        .optional(),
      'URL to which the start and end of the event are POSTed. Default: none.',
      'https://example.com/hooks/vidette',
    ),
  })
  .meta({ id: 'NotifyRule', description: 'A rule for events.' });

/** Rules of a scenario. */
export const notifyRulesSchema = z.array(notifyRuleSchema).max(20);

export type RecordOptions = z.infer<typeof recordSchema>;
export type NotifyRule = z.infer<typeof notifyRuleSchema>;
