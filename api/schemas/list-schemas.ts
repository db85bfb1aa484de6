import { z } from 'zod';
import { described } from '../../domain/described.js';
import { TASKS } from '../../domain/model/model-output.js';
import { VIDEO_ORDERS } from '../../client/index.js';
import { count, EXAMPLE, modelSchema, next, pageQuery, time } from './common.js';
import { videoId } from './job-schemas.js';

/** Cursor of either order: the id of a video, for the newest ones after the time of its job. */
const VIDEO_CURSOR = /^(\d{13}\/)?[A-Za-z0-9_-]{1,128}$/;

/** Query parameters of the list of videos. */
export const videosQuery = pageQuery(z.string().regex(VIDEO_CURSOR)).extend({
  order: described(
    z.enum(VIDEO_ORDERS).default('name'),
    'All videos by their id (`name`), or those with a result, the newest job first (`newest`).',
    'newest',
  ),
});

const detectedSchema = z
  .object({
    event_id: described(z.string(), 'Newest job with a result.', EXAMPLE.event),
    detected_at: time('Start of this job.'),
    classes: described(
      z.array(z.string()).readonly(),
      'Classes of its objects, the most frequent first.',
      ['person', 'dog'],
    ),
    sightings: count('Number of its sightings.', 14),
    poster_frame: described(
      z.int().min(0).nullable(),
      'Frame with the most objects; null if no frame was detected.',
      35,
    ),
    duration_ms: described(
      z.number().nullable(),
      'Length of the video in milliseconds; null if its frame rate is unknown.',
      79_000,
    ),
    width: count('Width in pixels.', 1920),
    height: count('Height in pixels.', 1080),
  })
  .meta({ id: 'DetectedVideo', description: 'What was detected in a video.' });

const videoSchema = z
  .object({
    video_id: videoId,
    name: described(
      z.string().nullable(),
      'Original name of the file; null if it is unknown.',
      'street.mp4',
    ),
    size: count('Size in bytes.', 8_131_690),
    detected: described(
      detectedSchema.nullable(),
      'What its newest job with a result has; null if it has none.',
    ),
  })
  .meta({ id: 'Video', description: 'Stored video.' });

export const uploadedVideoSchema = z
  .object({
    video_id: videoId,
    name: described(z.string(), 'Original name of the file.', 'street.mp4'),
    size: count('Size in bytes.', 8_131_690),
  })
  .meta({ id: 'UploadedVideo', description: 'Stored video.' });

export const videoPageSchema = z
  .object({
    videos: described(z.array(videoSchema).readonly(), 'Videos, in the requested order.'),
    next,
  })
  .meta({ id: 'VideoPage', description: 'Page of the list of videos.' });

const listedModelSchema = modelSchema
  .extend({
    task: described(z.enum(TASKS), 'What the model does; jobs need a model that finds objects.'),
    classes: described(z.array(z.string()).readonly(), 'Classes of the model, by class id.', [
      'person',
      'bicycle',
    ]),
    licence: described(z.string(), 'Licence of the model.', 'Apache-2.0'),
    source: described(z.string(), 'Source of the model.', 'best.onnx'),
    size_bytes: count('Size of the ONNX file in bytes.', 3_660_092),
    is_default: described(z.boolean(), 'Whether jobs that name no model use it.'),
    aliases: described(z.array(z.string()).readonly(), 'Aliases that refer to it.', ['champion']),
  })
  .meta({ id: 'Model', description: 'Model of the catalogue.' });

export const modelPageSchema = z
  .object({
    models: described(
      z.array(listedModelSchema).readonly(),
      'Models by name, of one name the newest version first.',
    ),
    next,
  })
  .meta({ id: 'ModelPage', description: 'Page of the list of models.' });
