import { z } from 'zod';
import { described } from '../../domain/described.js';
import { DEVICES } from '../../domain/job/job-input.js';
import { recordSchema } from '../../domain/record-schema.js';
import { className, count, EXAMPLE, modelSchema, next, rowObjectSchema, time } from './common.js';
import { eventId, rerunOf, statusSchema, videoId } from './job-schemas.js';

const frame = count('Index of the frame in the source, in display order.', 35);
const timestamp = described(z.number(), 'Milliseconds from the start time of the video.', 1401.4);

/** Detected frame of a job. */
const frameRowSchema = z
  .object({
    frame,
    timestamp_ms: timestamp,
    same_as: described(
      z.int().optional(),
      'Inferred frame whose objects these are, if it is another frame.',
      30,
    ),
    objects: described(z.array(rowObjectSchema).readonly(), 'Objects of the frame.'),
  })
  .meta({ id: 'Frame', description: 'Sampled frame with its objects.' });

const reason = described(z.string(), 'Why the frame was skipped.', 'The frame is damaged.');

const skipSchema = z
  .object({ frame, reason })
  .meta({ id: 'SkippedFrame', description: 'Sampled frame that could not be detected.' });

const timedSkipSchema = z
  .object({ frame, timestamp_ms: timestamp, reason })
  .meta({ id: 'TimedSkippedFrame', description: 'Skipped frame with its time.' });

export const frameSchema = z
  .union([frameRowSchema, skipSchema])
  .meta({ id: 'FrameOrSkipped', description: 'Sampled frame: detected or skipped.' });

const framesField = described(z.array(frameRowSchema).readonly(), 'Frames with their objects.');

/** Page of the frames of a time span. */
export const resultPageSchema = z
  .object({
    event_id: eventId,
    frames: framesField,
    skipped: described(z.array(timedSkipSchema).readonly(), 'Skipped frames of the same page.'),
    next,
  })
  .meta({ id: 'ResultPage', description: 'Page of the frames of a time span.' });

const deviceSchema = z
  .object({
    asked: described(z.enum(DEVICES), 'Requested device.'),
    used: described(z.record(z.string(), z.int()), 'Number of frames that each device detected.', {
      cpu: 159,
    }),
  })
  .meta({ id: 'DeviceUse', description: 'Requested device, and the devices that were used.' });

const counts = {
  frames: count('Detected frames.', 159),
  inferred: described(
    z.int().optional(),
    'Inferred frames; only for a job with still scenes.',
    120,
  ),
  skipped: count('Skipped frames.', 0),
  objects: count('Detections.', 1801),
  objects_by_class: described(recordSchema(z.int()), 'Detections of each class.', {
    person: 1217,
  }),
  tracks_by_class: described(
    recordSchema(z.int()).optional(),
    'Number of tracks of each class; only for a job with `tracking`.',
    { person: 12 },
  ),
  warnings: described(
    z.array(z.string()).readonly(),
    'Properties of the video that can affect the result.',
    [],
  ),
};

const countsSchema = z
  .looseObject(counts)
  .meta({ id: 'ResultCounts', description: 'Counts of a result.' });

const header = {
  event_id: eventId,
  video_id: videoId,
  status: described(statusSchema, 'Status of the job: ready or cancelled.'),
  model: described(modelSchema, 'Model of the job.'),
  device: described(deviceSchema, 'Devices of the job.'),
  parameters: described(
    z.record(z.string(), z.unknown()),
    'Options that can change the result, with their values.',
    { every: 5, conf: 0.25, iou: 0.45 },
  ),
};

export const summarySchema = z
  .object({
    ...header,
    bucket: described(z.string(), 'Bucket of the video.', 'videos'),
    frame_count: count('Frames of the video.', 795),
    rerun_of: rerunOf,
    ...counts,
  })
  .meta({ id: 'ResultSummary', description: 'Result without its frames.' });

const spanSchema = z
  .object({
    from: count('First frame.', 400),
    to: count('Last frame.', 790),
  })
  .meta({ id: 'FrameSpan', description: 'Span of sampled frames, both ends included.' });

const trackSchema = z
  .object({
    id: count('Id of the track, which its objects have as `track_id`.', 3),
    class: className,
    from_ms: described(z.number(), 'Time of its first frame, in milliseconds.', 1401.4),
    to_ms: described(z.number(), 'Time of its last frame, in milliseconds.', 5205.2),
    max_conf: described(z.number().min(0).max(1), 'Highest confidence of the object.', 0.93),
    best_frame: count('Frame with that confidence.', 85),
  })
  .meta({ id: 'Track', description: 'Path of one object through a video.' });

/** Whole result; it is sent as it is stored. */
export const resultSchema = z
  .looseObject({
    ...header,
    rerun_of: described(
      z.string().optional(),
      'Id of the job that this one repeats.',
      EXAMPLE.event,
    ),
    video: described(z.looseObject({}), 'Properties of the video.', {
      size: { width: 768, height: 576 },
      codec: 'h264',
      frame_count: 795,
    }),
    created_at: time('Start of the job.'),
    frames: framesField,
    skipped: described(z.array(skipSchema).readonly(), 'Skipped frames with their reason.'),
    unprocessed: described(
      z.array(spanSchema).readonly().optional(),
      'Frames that a cancelled job did not reach.',
    ),
    tracks: described(
      z.array(trackSchema).readonly().optional(),
      'Tracks by the time at which they end; only for a job with `tracking`.',
    ),
    summary: described(countsSchema, 'Counts of the result.'),
  })
  .meta({ id: 'DetectionResult', description: 'Result of a job as it is stored.' });
