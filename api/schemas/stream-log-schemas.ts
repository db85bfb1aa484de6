import { z } from 'zod';
import { described } from '../../domain/described.js';
import { flag } from './flag.js';
import { className, count, EXAMPLE, modelSchema, seconds, time } from './common.js';
import { gapReason, gapSeconds, scenarioUuid } from './stream-schemas.js';

/** Instant in a query. */
const instant = (description: string) =>
  z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .meta({ description, examples: [EXAMPLE.time] });

/** Span of time in a query. */
export const rangeQuery = z.object({
  from: instant('Only from this instant on.'),
  to: instant('Only before this instant.'),
});

export const resultsQuery = rangeQuery.extend({
  after: described(
    z.coerce.number().int().min(0).optional(),
    'Only rows after the one with this number.',
    1234,
  ),
  from_end: flag('Whether to leave out all rows that are stored already; needs follow.'),
  follow: flag('Whether to continue with new rows until the scenario has ended.'),
  gaps: flag('Whether to send gaps as well.'),
  details: flag('Whether rows have details.'),
});

const detectionSchema = z
  .object({
    class: className,
    confidence: described(z.number().min(0).max(1), 'Confidence, 0 to 1.', 0.87),
    bbox: described(
      z.array(z.number()).length(4).readonly(),
      'x_min, y_min, x_max, y_max in pixels of the image of the camera.',
      [412, 96, 508, 301],
    ),
    track_id: described(
      z.int().min(1).optional(),
      'Id of its track within the scenario, with `tracking`; absent in the first row of a track.',
      7,
    ),
  })
  .meta({ id: 'StreamDetection', description: 'Object in a frame of a camera.' });

const detailsSchema = z
  .object({
    lag_ms: described(z.number(), 'Milliseconds from the arrival of the frame to its row.', 210),
    camera_time: described(
      z.string().nullable(),
      "Time of the frame by the camera's clock; null if it is unknown.",
      EXAMPLE.time,
    ),
    damaged: described(z.boolean(), 'Whether packets of the frame were lost.'),
    still: described(z.boolean(), 'Whether the objects are those of an earlier frame.'),
    model: described(modelSchema, 'Model that found the objects.'),
  })
  .meta({ id: 'StreamRowDetails', description: 'Facts about a row.' });

const rowSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    frame_number: described(z.int().min(1), 'One more in each row, never used twice.', 1234),
    detections: described(z.array(detectionSchema).readonly(), 'Objects of the frame.'),
    timestamp: time('Arrival of the frame.'),
    details: described(detailsSchema.optional(), 'Only if they are requested.'),
  })
  .meta({ id: 'StreamRow', description: 'Result of one frame of a camera.' });

const gapSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    gap: described(
      z
        .object({
          from: time('Start.'),
          to: time('End, excluded.'),
          reason: gapReason,
          message: described(z.string(), 'What happened.', 'The camera does not answer.'),
        })
        .meta({ id: 'Gap', description: 'Time without rows.' }),
      'The time and its reason.',
    ),
  })
  .meta({ id: 'StreamGap', description: 'Time without rows of a scenario.' });

const entrySchema = z
  .union([rowSchema, gapSchema])
  .meta({ id: 'StreamEntry', description: 'A row, or time without rows.' });

export const entriesResponse = {
  description: 'Rows, and gaps if they are requested',
  content: {
    'text/event-stream': { schema: entrySchema },
    'application/x-ndjson': { schema: entrySchema },
  },
};

export const accountSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    from: time('Start of the accounted time.'),
    to: time('End of the accounted time: at most the end of the log.'),
    frames: count('Number of rows.', 172_800),
    seen_s: seconds('Seconds with rows.', 86_400),
    gaps: gapSeconds,
    problems: described(
      z.array(z.string()).readonly(),
      'Contradictions in the log; none if every second is accounted for once.',
      [],
    ),
  })
  .meta({
    id: 'StreamAccount',
    description: 'Account of a span of time: seen_s and all gaps add up to its length.',
  });

export const timelineQuery = z.object({
  from: instant('Start; default: the start of the day in UTC.'),
  to: instant('End; default: now.'),
  step_s: described(
    z.coerce.number().int().min(60).max(86_400).default(300),
    'Seconds of a part, a multiple of 60.',
    300,
  ),
});

const partSchema = z
  .object({
    from: time('Start of the part.'),
    seen_s: seconds('Seconds with rows.', 280),
    gaps: gapSeconds,
  })
  .meta({ id: 'TimelinePart', description: 'Account of a part of a timeline.' });

export const timelineSchema = z
  .object({
    scenario_uuid: scenarioUuid,
    from: time('Start, at a full minute.'),
    to: time('End.'),
    step_s: count('Seconds of a part.', 300),
    parts: described(z.array(partSchema).readonly(), 'Parts with entries, in order.'),
  })
  .meta({ id: 'Timeline', description: 'How much of each part of a span was seen.' });
