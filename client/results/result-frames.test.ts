import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isSkipped, type ResultFrame, resultFrames } from './result-frames.js';

const HEADER = '{\n  "event_id": "e",\n  "video": {\n    "fps": 25\n  },\n';
const TAIL = '\n  "summary": {\n    "objects_by_class": {\n    }\n  }\n}\n';
const ROWS = [
  { frame: 0, timestamp_ms: 0, objects: [] },
  {
    frame: 5,
    timestamp_ms: 200,
    objects: [{ class: 'a "frames": [', box: [1, 2, 3, 4], conf: 1 }],
  },
];
const SKIPPED = [{ frame: 10, reason: 'damaged\n  ],' }];

function text(rows: readonly object[], skipped: readonly object[]): string {
  const list = (items: readonly object[]) =>
    items.map((item) => JSON.stringify(item)).join(',\n    ');
  const begin = rows.length > 0 ? '\n    ' : '';
  const end = skipped.length > 0 ? '\n  ' : '';
  const second = skipped.length > 0 ? '\n    ' : '';
  return `${HEADER}  "frames": [${begin}${list(rows)}\n  ],\n  "skipped": [${second}${list(skipped)}${end}],${TAIL}`;
}

async function framesOf(whole: string): Promise<ResultFrame[]> {
  // In small pieces, as a network gives them.
  const pieces = whole.match(/[^]{1,7}/g) ?? [];
  const getStream = () => Promise.resolve(Readable.from(pieces));
  const frames: ResultFrame[] = [];
  for await (const frame of resultFrames({ getStream }, 'e')) frames.push(frame);
  return frames;
}

describe('resultFrames', () => {
  it.each([
    ['frames and skipped ones', ROWS, SKIPPED],
    ['frames only', ROWS, []],
    ['skipped ones only', [], SKIPPED],
    ['nothing', [], []],
  ])('gives %s', async (_, rows, skipped) => {
    const whole = text(rows, skipped);
    expect(JSON.parse(whole)).toMatchObject({ frames: rows, skipped });
    const frames = await framesOf(whole);
    expect(frames).toEqual([...rows, ...skipped]);
    expect(frames.filter(isSkipped)).toEqual(skipped);
  });
});
