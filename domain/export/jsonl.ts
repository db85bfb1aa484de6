import { createHash } from 'node:crypto';
import type { Size } from '../result/detection.js';
import type { ZoneOrLine } from '../zone/zone.js';
import { isSkipped, type ResultFrame } from '../result/result.js';
import { zonesOfObject } from '../zone/zones-of-object.js';
import type { ExportOptions, ExportSource } from './export-source.js';

const JSONL_SCHEMA = 'vidette.detections/1';

/**
 * A header, a line per frame (also of one without objects, and of one that was skipped), and a
 * trailer with the counts and the SHA-256 of all bytes before it. With zones, the header has them, and
 * each object the names of those that it is in.
 */
export async function* jsonlOf(
  { header, frames }: ExportSource,
  { zones }: ExportOptions = {},
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (record: object) => {
    const line = lineOf(record);
    hash.update(line);
    return line;
  };
  const counts = { frames: 0, skipped: 0, objects: 0 };
  yield hashed({ type: 'header', schema: JSONL_SCHEMA, bbox_format: 'xyxy', ...header, zones });
  const withZones = zones ? addZones(zones, header.video.size) : (frame: ResultFrame) => frame;
  for await (const frame of frames()) {
    if (isSkipped(frame)) counts.skipped++;
    else {
      counts.frames++;
      counts.objects += frame.objects.length;
    }
    yield hashed({ type: isSkipped(frame) ? 'skipped' : 'frame', ...withZones(frame) });
  }
  yield lineOf({ type: 'trailer', ...counts, sha256: hash.digest('hex') });
}

function addZones(zones: readonly ZoneOrLine[], size: Size) {
  const zonesOf = zonesOfObject(zones, size);
  return (frame: ResultFrame) =>
    isSkipped(frame)
      ? frame
      : {
          ...frame,
          objects: frame.objects.map((object) => ({ ...object, zones: zonesOf(object) })),
        };
}

function lineOf(record: object): string {
  return `${JSON.stringify(record)}\n`;
}
