import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertRuleSchema, alertRulesSchema } from './alert-rule.js';
import { type AlertFrame, type AlertState, type Incident, watchAlerts } from './alert-watch.js';

type RuleRequest = Partial<(typeof alertRuleSchema)['_zod']['input']>;

const SIZE = { width: 100, height: 100 };
const NOON = Date.UTC(2026, 0, 11, 12);
const channels = [{ kind: 'ntfy' as const, topic: 'garage' }];

const ruleOf = (request: RuleRequest) =>
  alertRuleSchema.parse({ name: 'person', channels, ...request });
const objectAt = (x: number, y: number, name = 'person', conf = 0.9) => ({
  ...{ class: name, conf },
  box: [x - 5, y - 10, x + 5, y] as const,
});
const PERSON = objectAt(50, 50);

/** A frame per second; each entry has the objects of a frame. */
const framesOf = (...seconds: (readonly AlertFrame['objects'][number][])[]): AlertFrame[] =>
  seconds.map((objects, index) => ({ frame: index * 25, at_ms: index * 1000, objects }));

function watch(rules: RuleRequest[], frames: readonly AlertFrame[], instant = NOON) {
  const options = { rules: rules.map(ruleOf), size: SIZE, instantOf: (at: number) => instant + at };
  const watched = watchAlerts(options);
  return frames.flatMap((frame) => watched.add(frame));
}
const timesOf = (incidents: readonly Incident[]) => incidents.map(({ at_ms }) => at_ms / 1000);

describe('a watch of alerts', () => {
  it('reports objects once while they are seen, with the most certain frame', () => {
    const found = watch(
      [{ duration_s: 2 }],
      framesOf([PERSON], [objectAt(50, 50, 'person', 0.95)], [PERSON], [PERSON], [PERSON]),
    );
    expect(found).toEqual([
      {
        ...{ rule: 'person', n: 1, started_ms: 0, at_ms: 2000, frame: 25 },
        ...{ classes: ['person'], confidence: 0.95, objects: 1, suppressed: null },
      },
    ]);
  });

  it('lets objects be missing for the quiet time, and reports them again after it', () => {
    const frames = framesOf([PERSON], [], [PERSON], [], [], [], [PERSON], [PERSON]);
    expect(timesOf(watch([{ quiet_s: 2, duration_s: 2 }], frames))).toEqual([2]);
    expect(timesOf(watch([{ quiet_s: 2 }], frames))).toEqual([0, 6]);
  });

  it('compares class, confidence and number', () => {
    const dog = objectAt(10, 10, 'dog', 0.4);
    const frames = framesOf([dog], [PERSON], [PERSON, dog], [PERSON, PERSON]);
    expect(timesOf(watch([{ classes: ['person'] }], frames))).toEqual([1]);
    expect(timesOf(watch([{ conf: 0.5 }], frames))).toEqual([1]);
    expect(timesOf(watch([{ count: 2 }], frames))).toEqual([2]);
    expect(timesOf(watch([{ count: 2, conf: 0.5 }], frames))).toEqual([3]);
  });

  it('counts objects that stand in the zone', () => {
    const points = [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ];
    const frames = framesOf([objectAt(60, 50)], [objectAt(40, 50)]);
    expect(timesOf(watch([{ zone: { name: 'left', points } }], frames))).toEqual([1]);
  });

  it('suppresses alerts in the cool-down and outside of the hours', () => {
    const frames = framesOf([PERSON], [], [], [PERSON], [], [], [PERSON]);
    const cooled = watch([{ quiet_s: 1, cooldown_s: 5 }], frames);
    expect(cooled.map(({ n, suppressed }) => [n, suppressed])).toEqual([
      [1, null],
      [2, 'cool_down'],
      [3, null],
    ]);
    const night = { from: '22:00', to: '06:00' };
    expect(watch([{ hours: night }], frames).map(({ suppressed }) => suppressed)).toEqual([
      'hours',
    ]);
    const later = watch([{ hours: night }], frames, NOON + 12 * 3_600_000);
    expect(later.map(({ suppressed }) => suppressed)).toEqual([null]);
  });

  it('reports objects that are still seen when the hours begin', () => {
    const hours = { from: '12:00', to: '06:00' };
    const frames = framesOf([PERSON], [PERSON], [PERSON], [PERSON]);
    const found = watch([{ hours }], frames, NOON - 2000);
    expect(found.map(({ at_ms, suppressed }) => [at_ms, suppressed])).toEqual([
      [0, 'hours'],
      [2000, null],
    ]);
  });

  it('finds the same alerts wherever it is stopped and continued', () => {
    const object = fc
      .tuple(
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom('person', 'dog'),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([x, name, conf]) => objectAt(x, 50, name, conf));
    const frames = fc.array(fc.array(object, { maxLength: 3 }), { maxLength: 60 });
    const rules = [
      { name: 'a', duration_s: 3, quiet_s: 1, cooldown_s: 10 },
      { name: 'b', classes: ['dog'], conf: 0.5, count: 2 },
      { name: 'c', hours: { from: '12:00', to: '12:01' }, quiet_s: 2 },
    ];
    fc.assert(
      fc.property(frames, fc.array(fc.nat({ max: 60 })), (seconds, cuts) => {
        const all = framesOf(...seconds);
        const whole = watch(rules, all);
        const options = {
          rules: rules.map(ruleOf),
          size: SIZE,
          instantOf: (at: number) => NOON + at,
        };
        let state: AlertState = {};
        const split = all.flatMap((frame, index) => {
          if (cuts.includes(index)) state = JSON.parse(JSON.stringify(state)) as AlertState;
          const part = watchAlerts({ ...options, state });
          const found = part.add(frame);
          state = part.state();
          return found;
        });
        expect(split).toEqual(whole);
      }),
    );
  });
});

describe('the schema of rules', () => {
  it('rejects two rules with one name, and channels that do not exist', () => {
    const rule = { name: 'person', channels };
    expect(alertRulesSchema.safeParse([rule]).success).toBe(true);
    expect(alertRulesSchema.safeParse([rule, rule]).success).toBe(false);
    const pigeon = { ...rule, channels: [{ kind: 'pigeon' }] };
    expect(alertRulesSchema.safeParse([pigeon]).success).toBe(false);
  });
});
