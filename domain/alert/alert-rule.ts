import { z } from 'zod';
import { described } from '../described.js';
import { ID } from '../names.js';
import { zoneSchema } from '../zone/zone.js';
import { activeHoursSchema } from './active-hours.js';

const DAY_S = 86_400;
const RULES_MAX = 20;
const CHANNELS_MAX = 5;

/** Signed webhook, in the form of those of jobs. */
const webhookChannel = z.strictObject({
  kind: described(z.literal('webhook'), 'Kind.'),
  url: described(
    z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).max(2048),
    'URL to which the alert is POSTed, with a signature.',
    'https://example.com/hooks/vidette',
  ),
});

/** Topic of the ntfy server of the installation. */
const ntfyChannel = z.strictObject({
  kind: described(z.literal('ntfy'), 'Kind.'),
  topic: described(
    z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected at most 64 letters, digits, "_" or "-"'),
    'Topic at the server of VIDETTE_NTFY_URL.',
    'garage-7f3k',
  ),
});

const emailChannel = z.strictObject({
  kind: described(z.literal('email'), 'Kind.'),
  to: described(z.email().max(254), 'Address of the recipient.', 'ada@example.com'),
});

/** Where an alert is sent. */
export const alertChannelSchema = z
  .discriminatedUnion('kind', [webhookChannel, ntfyChannel, emailChannel])
  .meta({ id: 'AlertChannel', description: 'Where an alert is sent.' });

/** Polygon in which objects count. */
const alertZoneSchema = z
  .strictObject({ name: zoneSchema.shape.name, points: zoneSchema.shape.points })
  .meta({ id: 'AlertZone', description: 'Polygon in which objects count.' });

/** Rule that makes alerts of detections. */
export const alertRuleSchema = z
  .strictObject({
    name: described(
      z.string().regex(ID, 'expected a name of at most 128 letters, digits, "_" or "-"'),
      'Name of the rule, unique among the rules of a job or camera.',
      'person-at-door',
    ),
    classes: described(
      z.array(z.string().min(1).max(128)).min(1).max(1000).optional(),
      'Classes of the objects that count. Default: all that are detected.',
      ['person'],
    ),
    conf: described(
      z.number().min(0).max(1).default(0),
      'Minimum confidence of an object that counts.',
      0.5,
    ),
    zone: described(
      alertZoneSchema.optional(),
      'Polygon in which objects count: the middle of the lower side of their box is in it. Default: the whole frame.',
      {
        name: 'entrance',
        points: [
          [0.1, 0.2],
          [0.6, 0.2],
          [0.6, 0.9],
        ],
      },
    ),
    count: described(
      z.int().min(1).max(10_000).default(1),
      'Number of such objects that a frame must have.',
      1,
    ),
    duration_s: described(
      z.number().min(0).max(DAY_S).default(0),
      'Seconds for which they must be seen before the alert is sent.',
      3,
    ),
    quiet_s: described(
      z.number().min(0.1).max(DAY_S).default(5),
      'Seconds without them after which they count as gone. Another alert needs that.',
      5,
    ),
    hours: described(
      activeHoursSchema.optional(),
      'Times of day in which alerts are sent: of the camera, or of the start of the job. Default: always.',
      { from: '22:00', to: '06:00' },
    ),
    cooldown_s: described(
      z
        .number()
        .min(0)
        .max(7 * DAY_S)
        .default(0),
      'Seconds after an alert in which the rule sends no other one.',
      60,
    ),
    channels: described(
      z.array(alertChannelSchema).min(1).max(CHANNELS_MAX),
      'Where alerts are sent.',
      [{ kind: 'webhook', url: 'https://example.com/hooks/vidette' }],
    ),
  })
  .meta({ id: 'AlertRule', description: 'A rule that makes alerts of detections.' });

const hasUniqueNames = (rules: readonly { readonly name: string }[]) =>
  new Set(rules.map(({ name }) => name)).size === rules.length;

/** Rules of a job. */
export const alertRulesSchema = z
  .array(alertRuleSchema)
  .max(RULES_MAX)
  .refine(hasUniqueNames, 'expected different names');

export type AlertChannel = z.infer<typeof alertChannelSchema>;
export type AlertRule = z.infer<typeof alertRuleSchema>;
