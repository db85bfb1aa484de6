import { createHash } from 'node:crypto';
import { isSkipped } from '../result/result.js';
import type { ExportSource } from './export-source.js';

const JSONL_SCHEMA = 'vidette.detections/1';

/**
 * A header, a line per frame (also of one without objects, and of one that was skipped), and a
 * trailer with the counts and the SHA-256 of all bytes before it.
 */
export async function* jsonlOf({ header, frames }: ExportSource): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (record: object) => {
    const line = lineOf(record);
    hash.update(line);
    return line;
  };
  const counts = { frames: 0, skipped: 0, objects: 0 };
  yield hashed({ type: 'header', schema: JSONL_SCHEMA, bbox_format: 'xyxy', ...header });
  for await (const frame of frames()) {
    if (isSkipped(frame)) counts.skipped++;
    else {
      counts.frames++;
      counts.objects += frame.objects.length;
    }
    yield hashed({ type: isSkipped(frame) ? 'skipped' : 'frame', ...frame });
  }
  yield lineOf({ type: 'trailer', ...counts, sha256: hash.digest('hex') });
}

function lineOf(record: object): string {
  return `${JSON.stringify(record)}\n`;
}
