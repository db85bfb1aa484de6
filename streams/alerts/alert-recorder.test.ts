import { beforeEach, describe, expect, it } from 'vitest';
import { LOG_START, LOG_UUID } from '../../test/support/log-entries.js';
import { createMemoryAlerts } from '../../test/support/memory-alerts.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { rowAt, streamObject } from '../../test/support/stream-rows.js';
import type { SendAlertInput } from '../../domain/alert/alert-contracts.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS } from '../../domain/names.js';
import { eventIdAt, eventKey } from '../../domain/stream/event-keys.js';
import type { StoredRow } from '../../domain/stream/row.js';
import { parseScenarioInput } from '../../domain/stream/scenario-input.js';
import { type AlertRecorder, createAlertRecorder } from './alert-recorder.js';

const PERSON = streamObject('person');
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const channels = [{ kind: 'ntfy' as const, topic: 'garage' }];
const RULE = { name: 'gate', classes: ['person'], duration_s: 2, quiet_s: 3, channels };

let objects: ReturnType<typeof createMemoryObjectStore>;
let alerts: ReturnType<typeof createMemoryAlerts>;
let sent: SendAlertInput[];
let isTemporalAway: boolean;
/** Rows of the log. */
let log: StoredRow[];
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.streams);
  alerts = createMemoryAlerts();
  [sent, log, isTemporalAway] = [[], [], false];
});

const scenarioOf = (rules: object[] = [RULE]) =>
  parseScenarioInput({ scenario_uuid: LOG_UUID, camera_id: 'gate', alerts: rules });

function open(lastRow = 0): AlertRecorder {
  return createAlertRecorder({
    ...{ scenario: scenarioOf(), objects, alerts, lastRow, pageUrl: 'https://vidette.example' },
    alertSender: {
      send: (input) => {
        if (isTemporalAway) return Promise.reject(new AppError('SERVER_UNAVAILABLE', 'Away.'));
        sent.push(input);
        return Promise.resolve();
      },
    },
    recall: (after) => Promise.resolve(log.filter(({ frame_number }) => frame_number > after)),
    size: () => ({ width: 320, height: 180 }),
    snapshot: () => Promise.resolve(JPEG),
    onFailure: () => undefined,
  });
}
/** Stores rows, and adds them to recorders. */
function store(rows: StoredRow[], ...recorders: AlertRecorder[]): void {
  log.push(...rows);
  for (const recorder of recorders) recorder.add(rows);
}
const logged = async () =>
  (await alerts.list({ limit: 9, scenarioUuid: LOG_UUID })).map(({ alert_id }) => alert_id);
const ids = (...numbers: number[]) => numbers.map((n) => `${LOG_UUID}.gate.${n}`);

describe('the recorder of alerts of a camera', () => {
  it('sends an alert once while objects are seen, with the frame', async () => {
    const recorder = open();
    store(
      [0, 1, 2, 3, 4].map((second) => rowAt(second, second + 1, PERSON)),
      recorder,
    );
    await recorder.close();
    expect(await logged()).toEqual(ids(1));
    const [{ alert } = expect.fail('It was sent')] = sent;
    const key = eventKey(LOG_UUID, eventIdAt(LOG_START + 2000, 1), 'jpg');
    const snapshot = { bucket: BUCKETS.streams, key };
    expect(alert).toMatchObject({
      ...{ scenario_uuid: LOG_UUID, event_id: null, at_ms: LOG_START + 2000, snapshot },
      link: `https://vidette.example/#/camera/${LOG_UUID}`,
    });
    expect(await objects.get(snapshot.bucket, snapshot.key)).toEqual(JPEG);
  });

  it('continues with its state and the rows that the process before did not see', async () => {
    const first = open();
    store([rowAt(0, 1, PERSON)], first);
    await first.close();
    // Stored by a process that was killed: seen since 0 s, so that the rule is met at 2 s.
    store([rowAt(1, 2, PERSON), rowAt(2, 3, PERSON)]);
    const second = open(3);
    store([rowAt(3, 4, PERSON), rowAt(10, 5, PERSON), rowAt(12, 6, PERSON)], second);
    await second.close();
    expect(await logged()).toEqual(ids(2, 1));
    expect(sent.map(({ alert }) => alert.at_ms - LOG_START)).toEqual([2000, 12_000]);
  });

  it('raises nothing again if a process was killed before it stored its state', async () => {
    const rows = [0, 1, 2].map((second) => rowAt(second, second + 1, PERSON));
    const first = open();
    store(rows.slice(0, 1), first);
    await first.close();
    const state = await objects.get(BUCKETS.streams, `${LOG_UUID}/alerts/state.json`);
    const second = open(1);
    store(rows.slice(1), second);
    await second.close();
    await objects.put(BUCKETS.streams, `${LOG_UUID}/alerts/state.json`, state);
    const third = open(3);
    await third.close();
    expect(await logged()).toEqual(ids(1));
  });

  it('repeats a row until its alert is on its way', async () => {
    isTemporalAway = true;
    const recorder = open();
    store(
      [0, 2].map((second, index) => rowAt(second, index + 1, PERSON)),
      recorder,
    );
    await expect.poll(logged).toEqual(ids(1));
    expect(sent).toEqual([]);
    isTemporalAway = false;
    await recorder.close();
    expect(sent).toHaveLength(1);
  });

  it('reads rows that it has not seen from the log, and takes other rules', async () => {
    const recorder = open();
    store([rowAt(0, 1, PERSON)], recorder);
    store([rowAt(1, 2, PERSON)]);
    store([rowAt(2, 3, PERSON)], recorder);
    recorder.configure(scenarioOf([{ ...RULE, name: 'dogs', classes: ['dog'] }]));
    store([rowAt(3, 4, streamObject('dog')), rowAt(6, 5, streamObject('dog'))], recorder);
    await recorder.close();
    expect((await logged()).sort()).toEqual([`${LOG_UUID}.dogs.1`, ...ids(1)].sort());
  });
});
