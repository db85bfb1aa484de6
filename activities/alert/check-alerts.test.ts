import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryAlerts } from '../../test/support/memory-alerts.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { planOf } from '../../test/support/plans.js';
import type { CheckAlertsInput, SendAlertInput } from '../../domain/alert/alert-contracts.js';
import { alertRuleSchema } from '../../domain/alert/alert-rule.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { encodePart } from '../../domain/result/part.js';
import { createPlanReader } from '../plan-reader.js';
import { checkAlerts } from './check-alerts.js';

const RANGE_ENDS = [25, 50, 75, 100];
const PLAN = planOf(RANGE_ENDS, 1);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const channels = [{ kind: 'ntfy', topic: 'garage' }];
/** A dog is in frames 20 to 60, a person in each tenth one. */
const RULES = [
  { name: 'dog', classes: ['dog'], duration_s: 1, channels },
  { name: 'person', classes: ['person'], quiet_s: 0.2, cooldown_s: 1, channels },
];

const objectsOf = (frame: number) => [
  ...(frame >= 20 && frame <= 60 ? [{ class: 'dog', box: [0, 0, 9, 9] as const, conf: 0.8 }] : []),
  ...(frame % 10 === 0 ? [{ class: 'person', box: [0, 0, 9, 9] as const, conf: 0.9 }] : []),
];

let objects: ObjectStore;
let alerts: ReturnType<typeof createMemoryAlerts>;
let sent: SendAlertInput[];
let isTemporalAway: boolean;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  alerts = createMemoryAlerts();
  [sent, isTemporalAway] = [[], false];
  for (const bucket of [BUCKETS.results, BUCKETS.frames]) await objects.ensureBucket(bucket);
  await objects.put(BUCKETS.results, keys.plan('e1'), JSON.stringify(PLAN));
  for (const { index, from, to } of PLAN.ranges) {
    const rows = Array.from({ length: to - from }, (_, offset) => ({
      ...{ frame: from + offset, timestamp_ms: (from + offset) * 40 },
      objects: objectsOf(from + offset),
    }));
    const part = encodePart({ device: 'cpu', rows, skipped: [], failed: [] });
    await objects.put(BUCKETS.results, keys.part('e1', index), part);
  }
  await objects.put(BUCKETS.frames, keys.frame('e1', 20), JPEG);
});

function check(from: number, to: number, fields: Partial<CheckAlertsInput> = {}) {
  const deps = {
    ...{ objects, documents: { alerts }, plans: createPlanReader(objects) },
    alertSender: {
      send: (input: SendAlertInput) => {
        if (isTemporalAway) return Promise.reject(new AppError('SERVER_UNAVAILABLE', 'Away.'));
        sent.push(input);
        return Promise.resolve();
      },
    },
  };
  const input: CheckAlertsInput = {
    ...{ event_id: 'e1', video_id: 'cars', plan_key: keys.plan('e1'), from, to },
    ...{ created_at: '2026-01-02T03:04:05.000Z', page_url: 'https://vidette.example' },
    ...{ rules: RULES, ...fields },
  };
  return new MockActivityEnvironment().run(() => checkAlerts(deps, input));
}

async function logged() {
  const all = await alerts.list({ limit: 100, eventId: 'e1' });
  return all
    .map(({ alert_id, at_ms, suppressed }) => `${alert_id} ${at_ms} ${suppressed ?? 'due'}`)
    .sort();
}
/** The dog is seen for 1 s in the second range; persons are 0.4 s apart. */
const EXPECTED = [
  'e1.dog.1 1800 due',
  ...Array.from({ length: 10 }, (_, i) => {
    const state = [0, 3, 6, 9].includes(i) ? 'due' : 'cool_down';
    return `e1.person.${i + 1} ${i * 400} ${state}`;
  }),
].sort();

describe('checkAlerts', () => {
  it.each([
    ['at once', [4]],
    ['one after another', [1, 2, 3, 4]],
    ['in parts', [3, 4]],
  ])('finds the same alerts in ranges that are compared %s', async (_, ends) => {
    for (const [index, to] of ends.entries()) await check(ends[index - 1] ?? 0, to);
    expect(await logged()).toEqual(EXPECTED);
    expect(sent.map(({ alert }) => alert.alert_id).sort()).toEqual(
      EXPECTED.filter((text) => text.endsWith('due')).map((text) => text.split(' ')[0]),
    );
  });

  it('stores the frame, the link and the deliveries of an alert', async () => {
    await check(0, 2);
    const alert = await alerts.find('e1.dog.1');
    const snapshot = { bucket: 'results', key: 'alerts/e1/dog/1.jpg' };
    expect(alert).toMatchObject({
      ...{ event_id: 'e1', video_id: 'cars', started_ms: 800, frame: 20, snapshot },
      link: 'https://vidette.example/#/job/e1?t=1.8',
      deliveries: [{ channel: 'ntfy', to: 'gar…', state: 'due', attempts: [] }],
    });
    expect(await objects.get(snapshot.bucket, snapshot.key)).toEqual(JPEG);
    const input = sent.find(({ alert: each }) => each.alert_id === 'e1.dog.1')!;
    expect(input.channels).toEqual(channels);
    expect(JSON.stringify(await alerts.list({ limit: 9 }))).not.toContain('garage');
  });

  it('does nothing again for ranges that were compared, and compares them for other rules', async () => {
    await check(0, 4);
    const before = sent.length;
    expect(await check(0, 4)).toEqual({ due: 0, suppressed: 0 });
    expect(sent).toHaveLength(before);
    const rules = [alertRuleSchema.parse({ name: 'cat', classes: ['dog'], channels })];
    await check(2, 4, { rules });
    expect(await alerts.find('e1.cat.1')).toMatchObject({ at_ms: 800 });
  });

  it('continues after a failure, and starts no alert again that was sent', async () => {
    isTemporalAway = true;
    await expect(check(0, 4)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    isTemporalAway = false;
    await check(0, 1);
    await alerts.beginDelivery('e1.person.1', 0);
    await alerts.endDelivery('e1.person.1', 0, { at: new Date(), state: 'sent', reason: null });
    // The state is missing: the ranges are compared from the first one.
    await objects.remove(BUCKETS.results, keys.alertState('e1', 0));
    await check(1, 4);
    expect(await logged()).toEqual(EXPECTED);
    expect(sent.filter(({ alert }) => alert.alert_id === 'e1.person.1')).toHaveLength(1);
  });
});
