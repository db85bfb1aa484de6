import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeResult, OTHER_LAYOUTS, writeOwnLayout } from '../../test/support/results.js';
import type { ObjectStat } from '../ports/object-store.js';
import { readResultEnds, readResultFrames } from './read-result.js';
import type { FrameRow, ResultFrame, SkippedFrame } from './result.js';

const ROWS: readonly FrameRow[] = [
  { frame: 0, timestamp_ms: 0, objects: [] },
  {
    ...{ frame: 5, timestamp_ms: 200.033 },
    objects: [{ class: 'say "frames": [ грузовик', box: [1, 2, 3, 4], conf: 0.5 }],
  },
  { frame: 10, timestamp_ms: 400, same_as: 5, objects: [] },
];
const SKIPPED: readonly SkippedFrame[] = [
  { frame: 15, reason: 'damaged\n  ],' },
  { frame: 20, reason: '' },
];
const LAYOUTS = { 'our own': writeOwnLayout, ...OTHER_LAYOUTS };

/** Store with this text as every object; its stream comes in small pieces. */
function storeOf(text: string) {
  const data = Buffer.from(text);
  const stat: ObjectStat = { size: data.length, etag: 'e', metadata: {} };
  let streams = 0;
  return {
    stat: () => Promise.resolve(stat),
    getRange: (_bucket: string, _key: string, offset: number, length: number) =>
      Promise.resolve(data.subarray(offset, offset + length)),
    getStream: () => {
      streams++;
      return Promise.resolve(Readable.from(piecesOf(data)));
    },
    streams: () => streams,
  };
}

function* piecesOf(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += 7) yield data.subarray(at, at + 7);
}

async function framesOf(store: ReturnType<typeof storeOf>): Promise<ResultFrame[]> {
  const frames: ResultFrame[] = [];
  for await (const frame of readResultFrames(store, 'e1')) frames.push(frame);
  return frames;
}

describe.each(Object.entries(LAYOUTS))('a result in the layout of %s', (_, write) => {
  it.each([
    ['frames and skipped ones', ROWS, SKIPPED],
    ['frames only', ROWS, []],
    ['skipped ones only', [], SKIPPED],
    ['neither', [], []],
  ])('has the same frames, header and summary: %s', async (_, rows, skipped) => {
    const { frames, skipped: skips, summary, ...header } = makeResult(rows, skipped);
    const store = storeOf(write(makeResult(rows, skipped)));
    const read = await framesOf(store);
    expect(JSON.stringify(read)).toBe(JSON.stringify([...frames, ...skips]));
    const ends = await readResultEnds(store, 'e1');
    expect(JSON.stringify(ends?.header)).toBe(JSON.stringify(header));
    expect(ends?.summary).toEqual(summary);
  });

  it.each([0.1, 0.5, 0.9])('is rejected when it is cut off at %d of its length', async (share) => {
    const text = write(makeResult(ROWS, SKIPPED));
    const store = storeOf(text.slice(0, Math.floor(share * text.length)));
    const error = {
      code: 'INCOMPLETE_RESULT',
      message: expect.stringContaining('e1.json') as string,
    };
    await expect(framesOf(store)).rejects.toMatchObject(error);
    await expect(readResultEnds(store, 'e1')).rejects.toMatchObject(error);
  });
});

it('reads our own layout once, and not for its ends', async () => {
  const store = storeOf(writeOwnLayout(makeResult(ROWS, SKIPPED)));
  await readResultEnds(store, 'e1');
  expect(store.streams()).toBe(0);
  await framesOf(store);
  expect(store.streams()).toBe(1);
});

it.each(['', '{"a": 1}', 'null', '{"frames": [1]}'])('rejects %j as a result', async (text) => {
  await expect(readResultEnds(storeOf(text), 'e1')).rejects.toMatchObject({
    code: 'INCOMPLETE_RESULT',
  });
});

it('forwards an error of the store', async () => {
  const getStream = () => {
    const stream = new Readable({ read: () => stream.destroy(new Error('connection lost')) });
    return Promise.resolve(stream);
  };
  const store = { ...storeOf(''), getStream };
  await expect(framesOf(store)).rejects.toThrow('connection lost');
});
