import { z } from 'zod';
import { described } from '../../domain/described.js';
import { TASKS } from '../../domain/model/model-output.js';
import { count, modelSchema, next } from './common.js';
import { videoId } from './job-schemas.js';

const videoSchema = z
  .object({
    video_id: videoId,
    name: described(
      z.string().nullable(),
      'Original name of the file; null if it is unknown.',
      'street.mp4',
    ),
    size: count('Size in bytes.', 8_131_690),
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
    videos: described(z.array(videoSchema).readonly(), 'Videos, in the order of their keys.'),
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
