import { z } from 'zod';
import { ALERT_ID } from '../../domain/alert/alert-document.js';
import { alertChannelSchema } from '../../domain/alert/alert-rule.js';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import { count, EXAMPLE, next, pageQuery, time } from './common.js';
import { scenarioUuid } from './stream-schemas.js';

const alertId = described(
  z.string().regex(ALERT_ID),
  'Id of the alert: job or camera, rule and number.',
  `${EXAMPLE.event}.person-at-door.1`,
);
const ruleName = z.string().regex(ID);

/** Path parameters of an alert. */
export const alertParams = z.object({ alert_id: alertId });

/** Query parameters of the list of alerts. */
export const alertsQuery = pageQuery().extend({
  job: described(z.string().regex(ID).optional(), 'Only of this job.', EXAMPLE.event),
  stream: described(
    scenarioUuid.optional(),
    'Only of the camera of this scenario.',
    EXAMPLE.scenario,
  ),
  rule: described(ruleName.optional(), 'Only of rules with this name.', 'person-at-door'),
});

/** Body of the request for a test. */
export const alertTestSchema = z
  .strictObject({
    channel: described(alertChannelSchema, 'Channel that gets a test.', {
      kind: 'ntfy',
      topic: 'garage-7f3k',
    }),
  })
  .meta({ id: 'AlertTest', description: 'Channel that gets a test.' });

const reason = described(
  z.string().nullable(),
  'Reason of a failure; null for an alert that was sent.',
  'The receiver of the alert replied with status 503.',
);

const attemptSchema = z
  .object({
    at: time('End of the attempt.'),
    state: described(z.enum(['sent', 'failed']), 'Outcome.', 'sent'),
    reason,
  })
  .meta({ id: 'AlertAttempt', description: 'Attempt to deliver an alert.' });

const deliverySchema = z
  .object({
    channel: described(z.enum(['webhook', 'ntfy', 'email']), 'Kind of the channel.', 'ntfy'),
    to: described(
      z.string(),
      'Receiver: the origin of a URL, the start of a topic, or an address.',
      'gar…',
    ),
    state: described(
      z.enum(['due', 'sending', 'sent', 'failed']),
      'State; a delivery that has failed may still be tried again.',
      'sent',
    ),
    attempts: described(z.array(attemptSchema).readonly(), 'Attempts that have ended.'),
  })
  .meta({ id: 'AlertDelivery', description: 'Delivery of an alert to one channel.' });

export const alertSchema = z
  .object({
    alert_id: alertId,
    created_at: time('When the alert was found.'),
    status: described(
      z.enum(['sending', 'sent', 'failed', 'suppressed']),
      'State over all channels; `failed` if one of them failed.',
      'sent',
    ),
    event_id: described(
      z.string().nullable(),
      'Id of the job; null for a camera and a test.',
      EXAMPLE.event,
    ),
    video_id: described(
      z.string().nullable(),
      'Id of the video; null for a camera and a test.',
      EXAMPLE.video,
    ),
    scenario_uuid: described(
      z.string().nullable(),
      'Id of the scenario of the camera; null for a job.',
      null,
    ),
    test: described(z.boolean(), 'Whether it was requested to test a channel.', false),
    rule: described(z.string(), 'Name of the rule.', 'person-at-door'),
    zone: described(
      z.string().nullable(),
      'Name of the zone of the rule; null without one.',
      'entrance',
    ),
    frame: count('Frame with the most certain object.', 35),
    started_ms: described(
      z.number(),
      'When the objects were first seen, in ms from the start of the video.',
      1200,
    ),
    at_ms: described(z.number(), 'When the rule was met, in the same unit.', 4200),
    classes: described(z.array(z.string()).readonly(), 'Classes of the objects.', ['person']),
    confidence: described(z.number(), 'Highest confidence of an object.', 0.91),
    objects: count('Maximum number of objects in one frame.', 1),
    suppressed: described(
      z.enum(['cool_down', 'hours']).nullable(),
      'Reason for which the alert was not sent; null if it was.',
      null,
    ),
    snapshot: described(z.boolean(), 'Whether a JPEG of the frame is stored.', true),
    link: described(
      z.string().nullable(),
      'URL of the moment on the page; null if VIDETTE_PAGE_URL is not set.',
      `https://vidette.example/#/job/${EXAMPLE.event}?t=4.2`,
    ),
    deliveries: described(z.array(deliverySchema).readonly(), 'Deliveries, one for each channel.'),
  })
  .meta({ id: 'Alert', description: 'Alert that was sent, or suppressed.' });

export const alertPageSchema = z
  .object({ alerts: described(z.array(alertSchema).readonly(), 'Alerts, the newest first.'), next })
  .meta({ id: 'AlertPage', description: 'Page of the log of alerts.' });
