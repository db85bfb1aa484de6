import { parseJobInput, parametersOf } from '../../domain/job/job-input.js';
import type { DetectionResult, FrameRow, SkippedFrame } from '../../domain/result/result.js';

const MODEL = { name: 'm', version: 1, sha256: 'x'.repeat(64) };

/** Returns a result of 25 frames per second with these frames. */
export function makeResult(
  frames: readonly FrameRow[],
  skipped: readonly SkippedFrame[],
): DetectionResult {
  const objects = frames.flatMap((row) => row.objects);
  const classes = [...new Set(objects.map((object) => object.class))];
  const counts = classes.map((name) => [name, objects.filter((o) => o.class === name).length]);
  return {
    event_id: 'e1',
    video_id: 'v1',
    status: 'ready',
    video: {
      ...{ bucket: 'videos', key: 'input/v1.mp4', etag: 'etag' },
      ...{ size: { width: 100, height: 200 }, rotation: 0 },
      ...{ sample_aspect_ratio: { num: 1, den: 1 }, codec: 'h264', pixel_format: 'yuv420p' },
      ...{ color_space: 'bt709', color_range: 'tv', container: 'mov,mp4' },
      ...{ time_base: { num: 1, den: 1000 }, frame_rate: { num: 25, den: 1 }, start_time_s: 0.5 },
      ...{ frame_count: 100, first_pts: 500, sound: [] },
    },
    model: MODEL,
    device: { asked: 'auto', used: { cpu: frames.length } },
    parameters: parametersOf(parseJobInput({ video_id: 'v1' })),
    created_at: '2026-01-02T03:04:05.000Z',
    frames,
    skipped,
    summary: {
      ...{ frames: frames.length, skipped: skipped.length, objects: objects.length },
      ...{ objects_by_class: Object.fromEntries(counts) as Record<string, number>, warnings: [] },
    },
  };
}

/** The result as `assembleResult` writes it: a line per frame. */
export function writeOwnLayout({ frames, skipped, summary, ...header }: DetectionResult): string {
  const lines = (items: readonly object[]) =>
    items.map((item) => JSON.stringify(item)).join(',\n    ');
  const head = JSON.stringify(header, null, 2).slice(0, -2);
  const rows = frames.length > 0 ? `\n    ${lines(frames)}` : '';
  const skips = skipped.length > 0 ? `\n    ${lines(skipped)}\n  ` : '';
  const tail = JSON.stringify({ summary }, null, 2).slice(2);
  return `${head},\n  "frames": [${rows}\n  ],\n  "skipped": [${skips}],\n${tail}\n`;
}

/** Layouts of the same result as other tools write it. */
export const OTHER_LAYOUTS: Readonly<Record<string, (result: DetectionResult) => string>> = {
  'jq -c': (result) => `${JSON.stringify(result)}\n`,
  jq: (result) => `${JSON.stringify(result, null, 2)}\n`,
  'jq --tab with CRLF': (result) => JSON.stringify(result, null, '\t').replaceAll('\n', '\r\n'),
  'jq -S': (result) =>
    JSON.stringify(
      mapKeys(result, (keys) => keys.sort()),
      null,
      2,
    ),
  'reversed keys': (result) => JSON.stringify(mapKeys(result, (keys) => keys.reverse())),
  'unknown fields': (result) => JSON.stringify(addFields(result), null, 1),
  'our own with an edited row': (result) =>
    writeOwnLayout(result).replace(/^ {4}(\{"frame":5.*\}),$/m, '    \t$1\n    ,'),
};

function mapKeys(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, order));
  if (value === null || typeof value !== 'object') return value;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    order(Object.keys(members)).map((key) => [key, mapKeys(members[key], order)]),
  );
}

function addFields({ frames, model, ...result }: DetectionResult): object {
  return {
    extra: { frames: [{ frame: 1 }], skipped: [{ frame: 2, reason: 'nested' }], summary: {} },
    ...result,
    model: { ...model, note: 'x' },
    frames: frames.map((row) => ({ reviewed: true, ...row })),
    more: '"frames": [',
  };
}
