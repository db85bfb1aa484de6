import type { FrameRange } from '../../domain/video/frame-range.js';
import { countSampled } from '../../domain/video/frame-range.js';
import { parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import type { VideoPlan } from '../../domain/video/plan.js';

/** Returns a plan of ranges that end at the given frames, for tests that read no video. */
export function planOf(ends: readonly number[], every: number): VideoPlan {
  const ranges = ends.map((to, index): FrameRange => {
    const from = ends[index - 1] ?? 0;
    return { index, from, to, seek_pts: from, sampled: countSampled(from, to, every) };
  });
  const frameCount = ends.at(-1) ?? 0;
  return {
    event_id: 'e1',
    source: { bucket: 'videos', key: 'input/cars.mp4', etag: 'an-etag' },
    parameters: parametersOf(parseJobInput({ video_id: 'cars', every })),
    model: { name: 'a_model', version: 1, sha256: '0'.repeat(64) },
    identity: 'pts',
    video: {
      size: { width: 128, height: 64 },
      rotation: 0,
      sample_aspect_ratio: { num: 1, den: 1 },
      codec: 'h264',
      pixel_format: 'yuv420p',
      color_space: 'bt709',
      color_range: 'tv',
      container: 'mov,mp4',
      time_base: { num: 1, den: 25 },
      frame_rate: { num: 25, den: 1 },
      start_time_s: 0,
      frame_count: frameCount,
      first_pts: 0,
      sound: [],
    },
    sampled_frames: countSampled(0, frameCount, every),
    ranges,
    warnings: ['a warning'],
  };
}
