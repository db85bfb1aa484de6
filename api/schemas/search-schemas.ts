import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import { boxSchema, className, count, EXAMPLE, next, pageQuery, time } from './common.js';
import { rangeQuery } from './stream-log-schemas.js';
import { scenarioUuid } from './stream-schemas.js';

const id = z.string().regex(ID);
const milliseconds = (description: string, example: number) =>
  described(z.number(), description, example);

/** Query parameters of a search. */
export const sightingsQuery = pageQuery().extend({
  class: described(z.string().min(1).max(128).optional(), 'Only of this class.', 'dog'),
  conf: described(
    z.coerce.number().min(0).max(1).optional(),
    'Only with this confidence or a higher one in a frame, 0 to 1.',
    0.5,
  ),
  video: described(id.optional(), 'Only in this video.', EXAMPLE.video),
  job: described(id.optional(), 'Only of this job.', EXAMPLE.event),
  camera: described(
    scenarioUuid.optional(),
    'Only of the scenario of this camera.',
    EXAMPLE.scenario,
  ),
  ...rangeQuery.shape,
});

const bestFrameSchema = z.object({
  frame: count('`frame_id` of a video, or number of the row of a camera.', 35),
  timestamp_ms: milliseconds('Time of the frame, as in `from_ms`.', 1400),
  box: boxSchema.readonly(),
});

const sightingSchema = z
  .object({
    sighting_id: described(
      z.string(),
      'Id of the sighting; ids sort by `at`, the newest first.',
      `8222069999999/${EXAMPLE.event}/000000000035/dog`,
    ),
    class: className,
    track_id: described(
      z.int().optional(),
      'Track of the object; absent if the result has no tracks.',
      3,
    ),
    at: time('Start of the job, or the time at which a camera saw the first frame.'),
    event_id: described(z.string().nullable(), 'Id of the job; null for a camera.', EXAMPLE.event),
    video_id: described(
      z.string().nullable(),
      'Id of the video; null for a camera.',
      EXAMPLE.video,
    ),
    video_name: described(
      z.string().nullable(),
      'Original name of the file; null for a camera, or if it is unknown.',
      'street.mp4',
    ),
    scenario_uuid: described(
      z.string().nullable(),
      'Id of the scenario of the camera; null for a video.',
      null,
    ),
    from_ms: milliseconds(
      'First frame: milliseconds from the start of the video; for a camera, since 1970.',
      1200,
    ),
    to_ms: milliseconds('Last frame, in the same unit.', 5400),
    first_frame: count('`frame_id` of the first frame, or number of the row of a camera.', 30),
    frames: count('Number of frames with an object of the class.', 22),
    max_conf: described(z.number().min(0).max(1), 'Highest confidence, 0 to 1.', 0.91),
    best: described(bestFrameSchema, 'Frame in which the confidence is the highest.', {
      ...{ frame: 35, timestamp_ms: 1400, box: [412, 96, 508, 301] },
    }),
  })
  .meta({ id: 'Sighting', description: 'Span of time in which objects of a class were detected.' });

export const sightingPageSchema = z
  .object({
    sightings: described(z.array(sightingSchema).readonly(), 'Sightings, the newest first.'),
    next,
  })
  .meta({ id: 'SightingPage', description: 'Page of the sightings of a search.' });
