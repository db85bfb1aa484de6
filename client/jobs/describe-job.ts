import { formatSpan } from '../../domain/job/format-span.js';
import type { JobInput } from '../../domain/job/job-input.js';
import { keys } from '../../domain/names.js';
import type { ObjectStat } from '../../domain/ports/object-store.js';
import { originalNameOf } from '../../domain/video/stored-video.js';

/** Returns the summary, details and memo of a job for Temporal's Web UI. */
export function describeJob(input: Omit<JobInput, 'event_id'>, video: ObjectStat) {
  const name = (originalNameOf(video.metadata) ?? input.video_id).slice(0, 100);
  const { every, conf, iou, frames, still, device, rerun_of, bucket, from_ms, to_ms } = input;
  const { derived_from } = input;
  const details = [
    `**Video** ${name} (\`${bucket}/${keys.video(input.video_id)}\`, ${video.size} bytes)`,
    `**Model** ${input.model ?? 'default'}, device ${device}`,
    `**Sampling** every ${every}, conf ${conf}, iou ${iou}, frames ${frames}`,
    ...(from_ms === undefined && to_ms === undefined ? [] : [`**Span** ${formatSpan(input)}`]),
    ...(still === false ? [] : [`**Still scenes** change of at most ${still}`]),
    ...(rerun_of ? [`**Rerun of** ${rerun_of}`] : []),
    ...(derived_from ? [`**Derived from** ${derived_from}`] : []),
  ];
  return {
    staticSummary: clipToBytes(`${name}, ${input.model ?? 'default model'}, every ${every}`),
    staticDetails: details.join('\n\n'),
    memo: { video: name, model: input.model ?? 'default' },
  };
}

/** Maximum size of a summary in bytes: Temporal allows 400 with its encoding and encryption. */
const SUMMARY_MAX_BYTES = 200;

/** Returns the start of a text that fits into a summary, without a part of a character. */
function clipToBytes(text: string): string {
  const bytes = Buffer.from(text).subarray(0, SUMMARY_MAX_BYTES);
  return new TextDecoder().decode(bytes, { stream: true });
}
