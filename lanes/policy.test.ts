import { expect, it } from 'vitest';
import { type LaneView, nextStep, type PoolView } from './policy.js';

const NOW = 100_000;
const [TURN, IDLE] = [10_000, 2_000];

/** A lane that has served and been idle for a long time, unless `fields` differ. */
const lane = (modelKey: string, fields: Partial<LaneView> = {}): LaneView => {
  return { modelKey, state: 'serving', jobCount: 0, servingSince: 1, lastBusy: 1, ...fields };
};
/** A lane with a job that has just been loaded. */
const busy = (modelKey: string, fields: Partial<LaneView> = {}): LaneView =>
  lane(modelKey, { jobCount: 1, servingSince: NOW - 1, lastBusy: NOW - 1, ...fields });

const view = (fields: Partial<PoolView<LaneView>>): PoolView<LaneView> => ({
  ...{ lanes: [], capacity: 2, waiting: [], coolingDown: new Set<string>(), lastModel: undefined },
  ...{ now: NOW, turnMs: TURN, idleMs: IDLE },
  ...fields,
});
const start = (modelKey: string) => ({ kind: 'start', modelKey });
const longAgo = { servingSince: NOW - TURN };
const loading = { state: 'loading' } as const;
const draining = { state: 'draining' } as const;

it.each<[string, Partial<PoolView<LaneView>>, unknown]>([
  ['nothing without a model', {}, undefined],
  ['fills with the last model', { lastModel: 'a' }, start('a')],
  ['fills with the oldest job', { lastModel: 'a', waiting: ['b', 'c'] }, start('b')],
  ['fills with a model without a lane', { lanes: [busy('a')], waiting: ['a', 'b'] }, start('b')],
  [
    'loads no model that is cooling down',
    { lastModel: 'a', coolingDown: new Set(['a', 'b']), waiting: ['b'] },
    undefined,
  ],
  [
    'passes over a model that is cooling down',
    { coolingDown: new Set(['b']), waiting: ['b', 'c'] },
    start('c'),
  ],
])('fills a free slot: %s', (_, fields, step) => {
  expect(nextStep(view(fields))).toEqual(step);
});

it.each<[string, Partial<PoolView<LaneView>>, unknown]>([
  ['nothing while no job waits', { lanes: [lane('a'), lane('a')] }, undefined],
  ['one of several lanes at once', { lanes: [busy('a'), busy('a')], waiting: ['b'] }, start('b')],
  ['not the only lane of a model', { lanes: [busy('a'), busy('b')], waiting: ['c'] }, undefined],
  [
    'an only lane after its turn',
    { lanes: [busy('a'), busy('b', longAgo)], waiting: ['c'] },
    start('c'),
  ],
  [
    'an only lane just before its turn ends',
    { capacity: 1, lanes: [busy('a', { servingSince: NOW - TURN + 1 })], waiting: ['b'] },
    undefined,
  ],
  [
    'an idle lane',
    {
      capacity: 1,
      lanes: [lane('a', { servingSince: NOW - IDLE, lastBusy: NOW - IDLE })],
      waiting: ['b'],
    },
    start('b'),
  ],
  [
    'not a lane that is idle for a moment',
    { capacity: 1, lanes: [busy('a', { jobCount: 0, lastBusy: NOW - IDLE + 1 })], waiting: ['b'] },
    undefined,
  ],
  [
    'more lanes if another model has two more',
    { capacity: 4, lanes: [busy('a'), busy('a'), busy('a'), busy('b')], waiting: ['b'] },
    start('b'),
  ],
  [
    'no more lanes if they are even',
    {
      capacity: 4,
      lanes: [busy('a', longAgo), busy('a', longAgo), busy('b'), busy('b')],
      waiting: ['a', 'b'],
    },
    undefined,
  ],
  ['more lanes if others are idle', { lanes: [lane('a'), busy('b')], waiting: ['b'] }, start('b')],
  [
    'the model that waits longest',
    { capacity: 1, lanes: [busy('a', longAgo)], waiting: ['a', 'b', 'c'] },
    start('b'),
  ],
  [
    'one at a time: not while another loads',
    { lanes: [busy('a', longAgo), lane('b', loading)], waiting: ['c'] },
    undefined,
  ],
  [
    'one at a time: not while another drains',
    { lanes: [busy('a', longAgo), busy('b'), busy('c', draining)], waiting: ['c'] },
    undefined,
  ],
  [
    'no model that is cooling down',
    { capacity: 1, lanes: [lane('a')], waiting: ['b'], coolingDown: new Set(['b']) },
    undefined,
  ],
])('swaps in a model: %s', (_, fields, step) => {
  expect(nextStep(view(fields))).toEqual(step);
});

it.each<[string, readonly LaneView[], readonly string[], number]>([
  [
    'of a model that no job waits for',
    [busy('a'), lane('c'), busy('b', { servingSince: NOW })],
    ['c'],
    0,
  ],
  [
    'with the fewest jobs',
    [busy('a', { jobCount: 2 }), busy('c'), busy('b', { servingSince: NOW })],
    [],
    1,
  ],
  [
    'of the model with most lanes',
    [busy('c'), busy('a'), busy('a'), busy('b', { servingSince: NOW })],
    [],
    1,
  ],
  ['that served longest', [busy('a'), busy('c', longAgo), busy('b', { servingSince: NOW })], [], 1],
  ['and not the new one', [busy('a', { jobCount: 2 }), lane('b', { servingSince: NOW })], ['a'], 0],
  [
    'of the new model if all lanes are its own',
    [busy('b'), lane('b', { servingSince: NOW })],
    [],
    1,
  ],
])('drains one lane too many: that %s', (_, lanes, waiting, drained) => {
  const step = nextStep(view({ capacity: lanes.length - 1, lanes, waiting }));
  expect(step).toEqual({ kind: 'drain', lane: lanes[drained] });
});

/** Runs jobs of `models` on `capacity` lanes; returns the loads and the longest wait in seconds. */
function simulate(models: readonly string[], capacity: number, seconds: number) {
  const lanes: { -readonly [Field in keyof LaneView]: LaneView[Field] }[] = [];
  const waits = new Map(models.map((model) => [model, 0]));
  let [loads, longest] = [0, 0];
  for (let now = 0; now < seconds * 1000; now += 1000) {
    for (const each of lanes)
      Object.assign(each, each.state === 'loading' && { state: 'serving', servingSince: now });
    const served = new Set(
      lanes.filter(({ state }) => state === 'serving').map(({ modelKey }) => modelKey),
    );
    for (const model of models) waits.set(model, served.has(model) ? 0 : waits.get(model)! + 1);
    longest = Math.max(longest, ...waits.values());
    for (const each of lanes) Object.assign(each, { jobCount: 2, lastBusy: now });
    const waiting = models
      .filter((model) => !served.has(model))
      .sort((a, b) => waits.get(b)! - waits.get(a)!);
    for (let step; (step = nextStep(view({ lanes, capacity, waiting, now })));) {
      if (step.kind === 'drain') lanes.splice(lanes.indexOf(step.lane), 1);
      else loads += lanes.push({ ...busy(step.modelKey, loading), servingSince: 0 }) && 1;
    }
    expect(lanes.length).toBeLessThanOrEqual(capacity + 1);
  }
  return { loads, longest };
}

it.each([
  [['a', 'b'], 1],
  [['a', 'b', 'c'], 1],
  [['a', 'b', 'c'], 2],
  [['a', 'b'], 2],
])(
  'serves jobs of %j on %i lanes, and replaces no lane before its turn ends',
  (models, capacity) => {
    const { loads, longest } = simulate(models, capacity, 600);
    const turns = models.length - capacity;
    expect(longest).toBeLessThanOrEqual(models.length * 12);
    expect(loads).toBeLessThanOrEqual(turns > 0 ? capacity * 60 : capacity);
  },
);
