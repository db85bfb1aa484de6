import type { FrameRow, PartCounts, SkippedFrame } from './result.js';
import type { Device } from '../job/task-queues.js';

/** Part of a result from one range: `parts/{event_id}/{range}.jsonl`. */
export interface Part {
  readonly device: Device;
  readonly rows: readonly FrameRow[];
  readonly skipped: readonly SkippedFrame[];
  /** Those of the skipped frames on which the model failed. */
  readonly failed: readonly number[];
}

type PartHeader = Pick<Part, 'device' | 'failed'>;

/** A line of a part: the header, a detected frame, or a skipped one. */
type PartLine = PartHeader | FrameRow | SkippedFrame;

/** A part as JSON lines: the device first, then the rows, then the skipped frames. */
export function encodePart({ device, failed, rows, skipped }: Part): string {
  const lines: PartLine[] = [{ device, failed }, ...rows, ...skipped];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Parses the output of {@link encodePart}. */
export function readPart(data: Buffer): Part {
  const lines = data.toString('utf8').trimEnd().split('\n');
  const rows: FrameRow[] = [];
  const skipped: SkippedFrame[] = [];
  let header: PartHeader = { device: 'cpu', failed: [] };
  for (const text of lines) {
    const line = JSON.parse(text) as PartLine;
    if ('device' in line) header = line;
    else if ('reason' in line) skipped.push(line);
    else rows.push(line);
  }
  return { ...header, rows, skipped };
}

/** The counts of a part. */
export function partCounts({ device, failed, rows, skipped }: Part): PartCounts {
  const objects = rows.reduce((sum, row) => sum + row.objects.length, 0);
  const failure = skipped.find(({ frame }) => frame === failed[0]);
  return {
    ...{ frames: rows.length, skipped: skipped.length, failed: failed.length, objects, device },
    ...(failure && { failure }),
  };
}
