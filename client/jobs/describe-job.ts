import type { JobInput } from '../../domain/job/job-input.js';
import { keys } from '../../domain/names.js';
import type { ObjectStat } from '../../domain/ports/object-store.js';

/** Returns the summary and details of a job for Temporal's Web UI. */
export function describeJob(input: Omit<JobInput, 'event_id'>, video: ObjectStat) {
  const name = nameOf(input.video_id, video);
  const { every, conf, iou, frames, still, device, rerun_of, bucket } = input;
  const details = [
    `**Video** ${name} (\`${bucket}/${keys.video(input.video_id)}\`, ${video.size} bytes)`,
    `**Model** ${input.model ?? 'default'}, device ${device}`,
    `**Sampling** every ${every}, conf ${conf}, iou ${iou}, frames ${frames}`,
    ...(still === false ? [] : [`**Still scenes** change of at most ${still}`]),
    ...(rerun_of ? [`**Rerun of** ${rerun_of}`] : []),
  ];
  return {
    staticSummary: `${name}, ${input.model ?? 'default model'}, every ${every}`.slice(0, 200),
    staticDetails: details.join('\n\n'),
  };
}

function nameOf(videoId: string, { metadata }: ObjectStat): string {
  try {
    return decodeURIComponent(metadata['original-name'] ?? videoId).slice(0, 100);
  } catch {
    return videoId;
  }
}
