import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertDocument } from '../../domain/alert/alert-document.js';
import type { AlertStore } from '../../domain/ports/alert-store.js';
import { alertDocument } from '../support/alert-documents.js';

/** Suite for every implementation of {@link AlertStore}. */
export function alertStoreContract(
  name: string,
  create: () => AlertStore | Promise<AlertStore>,
): void {
  describe(`${name} as a log of alerts`, () => {
    let store: AlertStore;
    let event_id: string;
    const alertAt = (n: number, fields: Partial<AlertDocument> = {}) =>
      alertDocument({
        ...{ event_id, alert_id: `${event_id}.person.${n}` },
        created_at: new Date(Date.UTC(2026, 0, 11, 12, 0, n)),
        ...fields,
      });
    const at = new Date('2026-01-11T12:00:00.000Z');
    beforeEach(async () => {
      store ??= await create();
      event_id = `alerts-${randomUUID()}`;
    });

    it('inserts an alert once, and finds it', async () => {
      const alert = alertAt(1);
      expect(await store.find(alert.alert_id)).toBeUndefined();
      expect(await store.insert(alert)).toEqual(alert);
      expect(await store.insert({ ...alert, objects: 99 })).toEqual(alert);
      expect(await store.find(alert.alert_id)).toEqual(alert);
    });

    it('begins a delivery once, and again after it has failed', async () => {
      const { alert_id } = await store.insert(alertAt(1));
      expect(await store.beginDelivery(alert_id, 0)).toBe('due');
      expect(await store.beginDelivery(alert_id, 0)).toBe('sending');
      await store.endDelivery(alert_id, 0, { at, state: 'failed', reason: 'refused' });
      expect(await store.beginDelivery(alert_id, 0)).toBe('failed');
      await store.endDelivery(alert_id, 0, { at, state: 'sent', reason: null });
      expect(await store.beginDelivery(alert_id, 0)).toBe('sent');
      expect((await store.find(alert_id))?.deliveries[0]).toMatchObject({
        state: 'sent',
        attempts: [
          { at, state: 'failed', reason: 'refused' },
          { at, state: 'sent', reason: null },
        ],
      });
    });

    it('keeps deliveries of one alert apart that change at the same time', async () => {
      const one = alertAt(1).deliveries[0]!;
      const { alert_id } = await store.insert(alertAt(1, { deliveries: [one, one, one, one] }));
      const deliver = async (index: number) => {
        expect(await store.beginDelivery(alert_id, index)).toBe('due');
        await store.endDelivery(alert_id, index, { at, state: 'sent', reason: null });
      };
      await Promise.all([0, 1, 2, 3].map(deliver));
      const { deliveries } = (await store.find(alert_id))!;
      expect(deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual(
        Array.from({ length: 4 }, () => ['sent', 1]),
      );
    });

    it('does nothing for an alert that was removed', async () => {
      const { alert_id } = alertAt(1);
      expect(await store.beginDelivery(alert_id, 0)).toBeUndefined();
      await store.endDelivery(alert_id, 0, { at, state: 'sent', reason: null });
      expect(await store.find(alert_id)).toBeUndefined();
    });

    it('lists alerts by job and rule, the newest first, a page at a time', async () => {
      const other = alertAt(4, { rule: 'dog', alert_id: `${event_id}.dog.1` });
      for (const alert of [alertAt(1), alertAt(3), alertAt(2), other]) await store.insert(alert);
      const idsOf = async (query: Partial<Parameters<AlertStore['list']>[0]>) =>
        (await store.list({ limit: 9, eventId: event_id, ...query })).map((each) =>
          each.alert_id.slice(event_id.length + 1),
        );
      expect(await idsOf({})).toEqual(['dog.1', 'person.3', 'person.2', 'person.1']);
      expect(await idsOf({ limit: 2 })).toEqual(['dog.1', 'person.3']);
      expect(await idsOf({ after: alertAt(3) })).toEqual(['person.2', 'person.1']);
      expect(await idsOf({ rule: 'dog' })).toEqual(['dog.1']);
      expect(await idsOf({ eventId: `${event_id}-other` })).toEqual([]);
    });

    it('removes the alerts of a camera from before a time, and those of other ones not', async () => {
      const [mine, other] = [randomUUID(), randomUUID()];
      const ofCamera = (scenario_uuid: string) =>
        alertAt(1, { event_id: null, scenario_uuid, alert_id: `${scenario_uuid}.person.1` });
      for (const uuid of [mine, other]) await store.insert(ofCamera(uuid));
      const { created_at } = ofCamera(mine);
      expect(await store.removeOfCamera(mine, created_at)).toBe(0);
      expect(await store.removeOfCamera(mine, new Date(created_at.getTime() + 1))).toBe(1);
      expect(await store.list({ limit: 9, scenarioUuid: mine })).toEqual([]);
      expect(await store.list({ limit: 9, scenarioUuid: other })).toHaveLength(1);
    });

    it('removes the alerts of a job', async () => {
      await store.insert(alertAt(1));
      await store.insert(alertAt(2));
      expect(await store.removeOfJob(event_id)).toBe(2);
      expect(await store.list({ limit: 9, eventId: event_id })).toEqual([]);
    });
  });
}
