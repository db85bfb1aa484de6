import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_START, LOG_UUID } from '../../../test/support/log-entries.js';
import { notifyRule, rowAt, streamObject } from '../../../test/support/stream-rows.js';
import { isoTime, type LogEntry } from '../entry.js';
import { causeOf } from '../gap.js';
import type { NotifyRule } from '../scenario-rules.js';
import { createEventRules, type EventRules } from './event-rules.js';
import type { EventChange } from './rule-watch.js';

const PERSON = streamObject('person');
const CAR = streamObject('car');
const iso = (second: number) => isoTime(LOG_START + second * 1000);

function gapBetween(from: number, to: number): LogEntry {
  const gap = { from: iso(from), to: iso(to), ...causeOf('overload') };
  return { scenario_uuid: LOG_UUID, gap };
}

/** Rows at one per second with a person at "x", and without one at "."; a blank is a slot in a gap. */
function rows(timeline: string): LogEntry[] {
  let number = 0;
  return [...timeline].map((sign, second) => {
    if (sign === ' ') return gapBetween(second, second + 1);
    return rowAt(second, ++number, ...(sign === 'x' ? [PERSON] : []));
  });
}

const shown = ({ kind, event }: EventChange) => {
  const second = (Date.parse(event.last_seen_at) - LOG_START) / 1000;
  return `${kind} ${event.event_id.slice(8)} to ${second}`;
};
function changes(entries: readonly LogEntry[], ...rules: Partial<NotifyRule>[]): EventChange[] {
  const engine = createEventRules(rules.map(notifyRule));
  return entries.flatMap((entry) => engine.add(entry));
}
/** Newest state of each event, as it is stored. */
function runRules(engine: EventRules, entries: readonly LogEntry[], isClosed = false) {
  const found = entries.flatMap((entry) => engine.add(entry));
  const all = isClosed ? [...found, ...engine.close()] : found;
  return new Map(all.map(({ event }) => [event.event_id, event]));
}
const timelineOf = (timeline: string, rule: Partial<NotifyRule>) =>
  changes(rows(timeline), rule).map(shown);

describe('an event', () => {
  it.each([
    ['starts with the first of two rows in a row', '..xx', ['started T123002000Z-0 to 3']],
    ['does not start with single rows', 'x.x.x.x', []],
    ['starts over a slot that is in a gap', 'x x', ['started T123000000Z-0 to 2']],
    [
      'ends with its last row when it is quiet for more than three seconds',
      'xx..x....',
      ['started T123000000Z-0 to 1', 'ended T123000000Z-0 to 4'],
    ],
    ['does not end after three seconds', 'xx...', ['started T123000000Z-0 to 1']],
    ['does not start with rows that a long gap separates', 'x    x', []],
    ['ends in a gap', 'xx     ', ['started T123000000Z-0 to 1', 'ended T123000000Z-0 to 1']],
    [
      'starts at least ten seconds after the one before',
      'xx....xxxxxx',
      [
        ...['started T123000000Z-0 to 1', 'ended T123000000Z-0 to 1'],
        'started T123010000Z-0 to 11',
      ],
    ],
    [
      'is reported as continued each ten seconds',
      'x'.repeat(23),
      [
        ...['started T123000000Z-0 to 1', 'continued T123000000Z-0 to 11'],
        'continued T123000000Z-0 to 21',
      ],
    ],
  ])('%s', (_, timeline, expected) => {
    expect(timelineOf(timeline, { quiet_s: 3 })).toEqual(expected);
  });

  it.each([1, 2, 5])('starts after %d rows', (frames) => {
    expect(timelineOf('x'.repeat(frames - 1), { frames })).toEqual([]);
    expect(timelineOf('x'.repeat(frames), { frames })).toHaveLength(1);
  });

  it('has the classes, the confidence and the number of the objects that match', () => {
    const [start, , end] = changes(
      [
        rowAt(0, 7, streamObject('person', 0.5), streamObject('dog')),
        rowAt(1, 8, CAR, streamObject('person', 0.7), streamObject('person', 0.1)),
        rowAt(11.5, 29, PERSON),
        rowAt(60, 100),
      ],
      { classes: ['person', 'car'], conf: 0.5 },
    );
    expect(start).toEqual({
      kind: 'started',
      event: {
        ...{ scenario_uuid: LOG_UUID, event_id: '20260111T123000000Z-0', rule: 0 },
        ...{ classes: ['car', 'person'], confidence: 0.9, objects: 2 },
        ...{ first_frame: 7, last_frame: 8, started_at: iso(0), last_seen_at: iso(1) },
        ended_at: null,
      },
    });
    expect(end).toEqual({
      kind: 'ended',
      event: { ...start!.event, last_frame: 29, last_seen_at: iso(11.5), ended_at: iso(11.5) },
    });
  });

  it('starts only within the hours of its rule, and ends after them', () => {
    const hours = { from: '12:31', to: '12:32' };
    const all = Array.from({ length: 150 }, (_, second) => rowAt(second, second + 1, PERSON));
    expect(changes(all, { hours, quiet_s: 5 }).map(shown)).toEqual([
      ...['started T123100000Z-0 to 61', 'continued T123100000Z-0 to 71'],
      ...[81, 91, 101, 111].map((second) => `continued T123100000Z-0 to ${second}`),
      'ended T123100000Z-0 to 119',
    ]);
  });

  it('belongs to one rule', () => {
    const entries = [rowAt(0, 1, PERSON), rowAt(1, 2, CAR), rowAt(2, 3, CAR), rowAt(3, 4, CAR)];
    const rules = [{ classes: ['person'], frames: 1 }, { classes: ['car'] }, {}];
    expect(changes(entries, ...rules).map(shown)).toEqual([
      ...['started T123000000Z-0 to 0', 'started T123000000Z-2 to 1'],
      'started T123001000Z-1 to 2',
    ]);
  });
});

describe('rules of events', () => {
  const start = () => {
    const engine = createEventRules([notifyRule({ quiet_s: 5 })]);
    return { engine, event: rows('xx').flatMap((entry) => engine.add(entry))[0]!.event };
  };

  it('end an event when time passes without rows', () => {
    const { engine, event } = start();
    expect(engine.add(gapBetween(2, 6))).toEqual([]);
    const ended = { ...event, ended_at: event.last_seen_at };
    expect(engine.add(gapBetween(6, 6.001))).toEqual([{ kind: 'ended', event: ended }]);
    expect(engine.add(gapBetween(6.001, 9))).toEqual([]);
  });

  it('end all events when they are closed', () => {
    const { engine, event } = start();
    expect(engine.close().map(shown)).toEqual([`ended ${event.event_id.slice(8)} to 1`]);
    expect(engine.close()).toEqual([]);
  });

  it('continue an event that another process left open', () => {
    const { event } = start();
    const engine = createEventRules([notifyRule({ quiet_s: 5 })], [event]);
    expect(engine.add(rowAt(4, 3, PERSON))).toEqual([]);
    const [change] = engine.add(rowAt(60, 4));
    expect(change).toMatchObject({
      kind: 'ended',
      event: { event_id: event.event_id, last_frame: 3, ended_at: iso(4) },
    });
  });

  it('end open events of rules that no longer exist', () => {
    const { event } = start();
    const engine = createEventRules([], [event]);
    expect(engine.add(rowAt(4, 3, PERSON)).map(shown)).toEqual(['ended T123000000Z-0 to 1']);
    expect(engine.close()).toEqual([]);
  });

  it('find the same events if they are interrupted and read their rows again', () => {
    const some = [notifyRule({ frames: 2, quiet_s: 4 }), notifyRule({ frames: 1, quiet_s: 2 })];
    const timelines = fc.string({ unit: fc.constantFrom('x', '.', ' '), maxLength: 60 });
    fc.assert(
      fc.property(timelines, fc.nat(60), (timeline, cut) => {
        const entries = rows(timeline);
        const before = runRules(createEventRules(some), entries.slice(0, cut));
        const known = [...before.values()].toSorted((a, b) => (a.event_id < b.event_id ? -1 : 1));
        const after = runRules(createEventRules(some, known), entries, true);
        const whole = runRules(createEventRules(some), entries, true);
        expect(new Map([...before, ...after])).toEqual(whole);
      }),
    );
  });

  it('keep their order, interval and limits for any rows', () => {
    const rule = notifyRule({ frames: 2, quiet_s: 4 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('x', '.', ' '), maxLength: 80 }),
        (timeline) => {
          const engine = createEventRules([rule]);
          const all = rows(timeline).flatMap((entry) => engine.add(entry));
          const kinds = [...all, ...engine.close()].filter(({ kind }) => kind !== 'continued');
          expect(kinds.map(({ kind }) => kind)).toEqual(
            kinds.map((_, i) => (i % 2 === 0 ? 'started' : 'ended')),
          );
          const starts = kinds.filter(({ kind }) => kind === 'started').map(({ event }) => event);
          starts.slice(1).forEach((event, i) => {
            const before = Date.parse(starts[i]!.started_at);
            expect(Date.parse(event.started_at) - before).toBeGreaterThanOrEqual(10_000);
          });
          for (const { event } of kinds) {
            expect(timeline[(Date.parse(event.started_at) - LOG_START) / 1000]).toBe('x');
            expect(timeline[(Date.parse(event.last_seen_at) - LOG_START) / 1000]).toBe('x');
          }
        },
      ),
    );
  });
});
