import type { FrameRow, PartCounts, SkippedFrame } from './result.js';
import type { Device } from './task-queues.js';

/** What one range contributes to a result: `parts/{event_id}/{range}.jsonl`. */
export interface Part {
  readonly device: Device;
  readonly rows: readonly FrameRow[];
  readonly skipped: readonly SkippedFrame[];
}

/** A line of a part: the device, a detected frame, or a skipped one. */
type PartLine = { readonly device: Device } | FrameRow | SkippedFrame;

/** A part as JSON lines: the device first, then the rows, then the skipped frames. */
export function encodePart({ device, rows, skipped }: Part): string {
  const lines: PartLine[] = [{ device }, ...rows, ...skipped];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads what {@link encodePart} wrote. */
export function readPart(data: Buffer): Part {
  const lines = data.toString('utf8').trimEnd().split('\n');
  const rows: FrameRow[] = [];
  const skipped: SkippedFrame[] = [];
  let device: Device = 'cpu';
  for (const text of lines) {
    const line = JSON.parse(text) as PartLine;
    if ('device' in line) device = line.device;
    else if ('reason' in line) skipped.push(line);
    else rows.push(line);
  }
  return { device, rows, skipped };
}

/** The counts of a part. */
export function partCounts({ device, rows, skipped }: Part): PartCounts {
  const objects = rows.reduce((sum, row) => sum + row.objects.length, 0);
  return { frames: rows.length, skipped: skipped.length, objects, device };
}
