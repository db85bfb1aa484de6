import { z } from 'zod';
import { described } from '../../domain/described.js';
import { count, time } from './common.js';
import { eventId } from './job-schemas.js';

export const storedSchema = z
  .object({
    measured_at: time('Time of the measurement, which is repeated in the background.'),
    jobs_bytes: count('Bytes of all jobs: results, parts, frames and rendered videos.', 81_316_900),
    image_batches_bytes: count('Bytes of all batches of images.', 1_204_300),
    videos_bytes: count('Bytes of all videos.', 812_300_400),
    models_bytes: count('Bytes of all models.', 3_660_092),
    largest_jobs: described(
      z
        .array(
          z
            .object({ event_id: eventId, bytes: count('Bytes of the job.', 8_131_690) })
            .meta({ id: 'JobBytes', description: 'Bytes that a job has stored.' }),
        )
        .readonly(),
      'Jobs with the most bytes, the largest first, at most ten.',
    ),
  })
  .meta({ id: 'StoredBytes', description: 'Bytes in the object store.' });

export const diskSchema = z
  .object({
    free_bytes: count('Free bytes.', 81_316_900_000),
    size_bytes: count('Size of the disk in bytes.', 512_110_190_592),
  })
  .meta({ id: 'DiskSpace', description: 'Space of a disk.' });
