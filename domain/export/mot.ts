import { isSkipped } from '../result/result.js';
import { cornerAndSize } from './coco.js';
import type { ExportSource } from './export-source.js';

/**
 * A line per object in the form that MOTChallenge gives to detectors:
 * `frame, -1, x, y, width, height, confidence, -1, -1, -1`. Frames count from 1.
 */
export async function* motOf({ frames }: ExportSource): AsyncGenerator<string> {
  for await (const row of frames()) {
    if (isSkipped(row)) continue;
    const lines = row.objects.map(
      ({ box, conf }) =>
        `${[row.frame + 1, -1, ...cornerAndSize(box), conf, -1, -1, -1].join(',')}\n`,
    );
    yield lines.join('');
  }
}
