import { isSkipped } from '../result/result.js';
import { cornerAndSize } from './coco.js';
import type { ExportSource } from './export-source.js';

/**
 * A line per object in the form of MOTChallenge: `frame, id, x, y, width, height, confidence, -1, -1, -1`.
 * The id is that of the object's track, -1 without one. Frames count from 1.
 */
export async function* motOf({ frames }: ExportSource): AsyncGenerator<string> {
  for await (const row of frames()) {
    if (isSkipped(row)) continue;
    const lines = row.objects.map(
      ({ box, conf, track_id = -1 }) =>
        `${[row.frame + 1, track_id, ...cornerAndSize(box), conf, -1, -1, -1].join(',')}\n`,
    );
    yield lines.join('');
  }
}
