import { describe, expect, it } from 'vitest';
import * as log from './log-keys.js';

const { epochOf, logKeys, orderOf } = log;
const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const EPOCH = '000000012-0000000003';
const SEGMENT = { day: '2026-01-11', first: 241, epoch: EPOCH, index: 2 };
const CHUNK = { epoch: EPOCH, segment: 2, chunk: 10 };
const DAY_PART = { day: '2026-01-11', part: 1, first: 241 };
const INVALID = expect.objectContaining({ code: 'INVALID_INPUT' }) as unknown;

describe('keys of a log', () => {
  it.each([
    [logKeys.scenario(UUID), `${UUID}/`],
    [logKeys.opened(UUID, EPOCH), `${UUID}/epochs/000000012-0000000003.open.json`],
    [logKeys.base(UUID, EPOCH), `${UUID}/epochs/000000012-0000000003.base.json`],
    [logKeys.chunk(UUID, CHUNK), `${UUID}/tail/000000012-0000000003/000002-000010.jsonl`],
    [
      logKeys.segment(UUID, SEGMENT),
      `${UUID}/rows/2026-01-11/000000000241-000000012-0000000003-000002.jsonl`,
    ],
    [logKeys.dayPart(UUID, DAY_PART), `${UUID}/days/2026-01-11/000001-000000000241.jsonl`],
  ])('are the contract: %s', (key, expected) => expect(key).toBe(expected));

  it('are read back, each kind by its own parser', () => {
    const readers = {
      segment: [log.parseSegmentKey, logKeys.segment(UUID, SEGMENT), SEGMENT],
      chunk: [log.parseChunkKey, logKeys.chunk(UUID, CHUNK), CHUNK],
      day: [log.parseDayPartKey, logKeys.dayPart(UUID, DAY_PART), DAY_PART],
      fence: [log.parseFenceKey, logKeys.base(UUID, EPOCH), { epoch: EPOCH, kind: 'base' }],
    } as const;
    for (const [parse, key, ref] of Object.values(readers)) {
      expect(parse(key)).toEqual(ref);
      const others = Object.values(readers).filter(([, other]) => other !== key);
      expect(others.map(([, other]) => parse(other))).toEqual([undefined, undefined, undefined]);
    }
  });

  it.each(['../x', '', UUID.toUpperCase()])('reject the scenario %j', (uuid) => {
    const { fences, chunks, segments, days, tracksOf } = logKeys;
    for (const key of [fences, chunks, segments, days, tracksOf]) {
      expect(() => key(uuid)).toThrow(INVALID);
    }
    expect(() => logKeys.opened(uuid, EPOCH)).toThrow(INVALID);
  });

  it.each(['', '12-3', `${EPOCH}\n`, `../${EPOCH}`])('reject the epoch %j', (epoch) => {
    expect(() => logKeys.base(UUID, epoch)).toThrow(INVALID);
    expect(() => logKeys.segment(UUID, { ...SEGMENT, epoch })).toThrow(INVALID);
  });
});

it('names the state of the tracks after a row', () => {
  const key = logKeys.tracks(UUID, 1234);
  expect(key).toBe(`${UUID}/tracks/000000001234.json`);
  expect(log.parseTracksKey(key)).toBe(1234);
  expect(log.parseTracksKey(logKeys.base(UUID, EPOCH))).toBeUndefined();
});

describe('epochOf', () => {
  it('makes texts in the order of windows and attempts', () => {
    const epochs = [epochOf(9, 2 ** 31 - 1), epochOf(10, 1), epochOf(10, 2), epochOf(10, 10)];
    expect(epochs.toSorted()).toEqual(epochs);
  });

  it.each([
    [-1, 1],
    [1.5, 1],
    [1e9, 1],
    [1, 1e10],
    [NaN, 1],
  ])('rejects window %d and attempt %d', (window, attempt) => {
    expect(() => epochOf(window, attempt)).toThrow(INVALID);
  });
});

it('orders segments by day, number, epoch and index, and parts of a day after its segments', () => {
  const refs = [
    SEGMENT,
    { ...SEGMENT, index: 3 },
    { ...SEGMENT, epoch: '000000012-0000000004', index: 0 },
    { ...SEGMENT, first: 1000, index: 4 },
    { ...DAY_PART, part: 0 },
    DAY_PART,
    { ...SEGMENT, day: '2026-01-12', first: 1000, index: 5 },
  ];
  const orders = refs.map(orderOf);
  expect(orders.toSorted()).toEqual(orders);
});

it('names the UTC day of an instant', () => {
  expect(log.dayOf(Date.parse('2026-01-11T23:59:59.999Z'))).toBe('2026-01-11');
  expect(log.dayOf(Date.parse('2026-01-12T00:00:00.000Z'))).toBe('2026-01-12');
});
