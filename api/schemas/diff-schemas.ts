import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import { recordSchema } from '../../domain/record-schema.js';
import { binary, count, EXAMPLE, modelSchema, objectSchema } from './common.js';
import { flag } from './flag.js';
import { eventId, videoId } from './job-schemas.js';

const conf = (side: string) =>
  described(
    z.coerce.number().min(0).max(1).optional(),
    `Minimum confidence of the objects of ${side}, at least that of its job. Default: that of its job.`,
    0.4,
  );

const job = (description: string) => described(z.string().regex(ID), description, EXAMPLE.event);

/** The two jobs of a diff, and the minimum confidences of their objects. */
export const comparisonQuery = z.object({
  a: job('Id of the job that is compared.'),
  b: job('Id of the job that it is compared with.'),
  conf_a: conf('A'),
  conf_b: conf('B'),
});

export const diffQuery = comparisonQuery.extend({
  only_different: flag('Whether to omit the frames whose objects are the same.'),
  format: described(
    z.enum(['jsonl', 'summary', 'vtt']).default('jsonl'),
    'A line per frame and a summary, the summary alone as JSON, or WebVTT with a cue for each frame that differs.',
  ),
});

const frame = count('Index of the frame in the source, in display order.', 35);
const timestamp = described(z.number(), 'Milliseconds from the start time of the video.', 1401.4);
const confChange = 'confidence in B less that in A, -1 to 1';

const pair = {
  a: described(objectSchema, 'Object of A.'),
  b: described(objectSchema, 'Object of B at its place.'),
  overlap: described(z.number(), 'Intersection over union of the boxes, 0.5 to 1.', 0.93),
};

const pairSchema = z
  .object(pair)
  .meta({ id: 'ChangedObject', description: 'Objects of two classes at one place.' });

const sameSchema = z
  .object({ ...pair, conf_change: described(z.number(), `Change: ${confChange}.`, 0.04) })
  .meta({ id: 'SameObject', description: 'Objects of one class at one place.' });

const frameSchema = z
  .object({
    type: described(z.literal('frame'), 'Kind of line.'),
    frame,
    timestamp_ms: timestamp,
    same: described(z.array(sameSchema).readonly(), 'Objects of the same class in both.'),
    changed: described(z.array(pairSchema).readonly(), 'Objects with another class in B.'),
    vanished: described(z.array(objectSchema).readonly(), 'Objects of A only.'),
    appeared: described(z.array(objectSchema).readonly(), 'Objects of B only.'),
  })
  .meta({ id: 'DiffFrame', description: 'Difference between two results in a frame.' });

const reason = (side: string) =>
  described(
    z.string().nullable(),
    `Why ${side} has no objects of the frame; null if it has.`,
    'The frame is damaged.',
  );

const skipSchema = z
  .object({
    type: described(z.literal('skipped'), 'Kind of line.'),
    frame,
    timestamp_ms: timestamp,
    reason_a: reason('A'),
    reason_b: reason('B'),
  })
  .meta({ id: 'DiffSkip', description: 'Frame that cannot be compared.' });

const sideSchema = z
  .object({
    event_id: eventId,
    model: described(modelSchema, 'Model of the job.'),
    conf: described(z.number(), 'Minimum confidence of the compared objects.', 0.25),
  })
  .meta({ id: 'DiffSide', description: 'One of the two results.' });

const mean = described(
  z.number().nullable(),
  `Mean over the same objects of the change: ${confChange}; null without any.`,
  0.02,
);

const classSchema = z.object({
  same: count('Objects of this class in both.', 388),
  changed_from: count('Objects of this class in A with another class in B.', 1),
  changed_to: count('Objects of another class in A with this class in B.', 0),
  vanished: count('Objects of A only.', 25),
  appeared: count('Objects of B only.', 109),
  conf_change: mean,
});

/** Counts of the difference between two results, or between two models on many images. */
export const diffCounts = {
  frames: count('Compared frames.', 279),
  frames_different: count('Compared frames whose objects differ.', 115),
  frames_skipped: count('Frames that one result or both have skipped or not processed.', 0),
  same: count('Objects of the same class in both.', 388),
  changed: count('Objects with another class in B.', 1),
  vanished: count('Objects of A only.', 25),
  appeared: count('Objects of B only.', 109),
  conf_change: mean,
  by_class: described(recordSchema(classSchema), 'Counts by class.', {
    person: {
      ...{ same: 388, changed_from: 1, changed_to: 0, vanished: 25, appeared: 109 },
      conf_change: 0.02,
    },
  }),
};

const diffSummarySchema = z
  .object({
    type: described(z.literal('summary'), 'Kind of line: the last one.'),
    video_id: videoId,
    a: described(sideSchema, 'Result A.'),
    b: described(sideSchema, 'Result B.'),
    different_options: described(
      z.array(z.string()).readonly(),
      'Options other than the model that can make objects differ.',
      ['conf'],
    ),
    ...diffCounts,
  })
  .meta({ id: 'DiffSummary', description: 'Counts of the difference between two results.' });

const lineSchema = z
  .union([frameSchema, skipSchema, diffSummarySchema])
  .meta({ id: 'DiffLine', description: 'Line of a diff; the last one is the summary.' });

export const diffResponse = {
  description: 'The difference as JSON lines, or its summary as JSON',
  content: {
    'application/x-ndjson': { schema: lineSchema },
    'application/json': { schema: diffSummarySchema },
    'text/vtt': { schema: binary('WebVTT subtitles') },
  },
};
