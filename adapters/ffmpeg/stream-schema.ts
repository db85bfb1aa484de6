import { z } from 'zod';
import type { Rational } from '../../domain/video/video.js';

/** Properties of streams and of their file that are read with ffprobe. */
export const STREAM_ENTRIES = [
  'stream=codec_name,width,height,pix_fmt,color_space,color_range,sample_aspect_ratio,time_base,avg_frame_rate,nb_frames',
  'stream_disposition=default',
  'stream_side_data=rotation',
  'format=format_name,start_time,duration',
].join(':');

const ratio = z
  .string()
  .regex(/^-?\d+[/:]-?\d+$/)
  .transform((text): Rational => {
    const [num, den] = text.split(/[/:]/).map(Number);
    return { num: num!, den: den! };
  });

/** Output of ffprobe for {@link STREAM_ENTRIES}, as JSON. */
export const streamsSchema = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().default('unknown'),
      width: z.int().min(0),
      height: z.int().min(0),
      pix_fmt: z.string().default('unknown'),
      color_space: z.string().default('unknown'),
      color_range: z.string().default('unknown'),
      sample_aspect_ratio: ratio.catch({ num: 1, den: 1 }),
      time_base: ratio,
      avg_frame_rate: ratio.catch({ num: 0, den: 0 }),
      nb_frames: z.coerce.number().int().optional().catch(undefined),
      disposition: z.object({ default: z.number().default(0) }).default({ default: 0 }),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
  format: z.object({
    format_name: z.string(),
    start_time: z.coerce.number().catch(0),
    duration: z.coerce.number().optional().catch(undefined),
  }),
});

export type Stream = z.infer<typeof streamsSchema>['streams'][number];
export type Format = z.infer<typeof streamsSchema>['format'];
