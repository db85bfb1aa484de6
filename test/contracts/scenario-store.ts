import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { alertRuleSchema } from '../../domain/alert/alert-rule.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ScenarioPosition } from '../../domain/ports/scenario-store.js';
import type { CameraDocument } from '../../domain/stream/scenario-document.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import { scenarioDocument, sealedScenario } from '../support/scenarios.js';
import { LINE, ROOM } from '../support/tracked-rows.js';

/** Suite for the scenarios and cameras of every implementation of {@link DocumentStore}. */
export function scenarioStoreContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a store of scenarios and cameras`, () => {
    let store: DocumentStore;
    let uuid: string;
    beforeEach(async () => {
      store ??= create();
      await store.ensureIndexes();
      uuid = randomUUID();
    });

    it('replaces a scenario, finds it and removes it', async () => {
      const scenario = scenarioDocument({ scenario_uuid: uuid });
      expect(await store.scenarios.find(uuid)).toBeUndefined();
      await store.scenarios.put(scenario);
      await store.scenarios.put({ ...scenario, run_id: 'second' });
      expect(await store.scenarios.find(uuid)).toEqual({ ...scenario, run_id: 'second' });
      await store.scenarios.remove(uuid);
      await store.scenarios.remove(uuid);
      expect(await store.scenarios.find(uuid)).toBeUndefined();
    });

    it('stores the zones of a scenario', async () => {
      const zoned = (zones: ZoneOrLine[]) =>
        sealedScenario({ scenario_uuid: uuid, tracking: true, zones });
      const scenario = scenarioDocument({ scenario_uuid: uuid, scenario: zoned([ROOM, LINE]) });
      await store.scenarios.put(scenario);
      expect(await store.scenarios.find(uuid)).toEqual(scenario);
      await store.scenarios.update(uuid, scenario.run_id, { scenario: zoned([ROOM]) });
      const changed = { ...scenario, scenario: zoned([ROOM]) };
      expect(await store.scenarios.find(uuid)).toEqual(changed);
      await store.scenarios.remove(uuid);
    });

    it('stores the rules of the alerts of a scenario, with their zones', async () => {
      const channels = [{ kind: 'ntfy' as const, topic: 'gate' }];
      const zone = { name: ROOM.name, points: ROOM.points };
      const alerts = [alertRuleSchema.parse({ name: 'gate', classes: ['car'], zone, channels })];
      const parameters = sealedScenario({ scenario_uuid: uuid, alerts });
      const scenario = scenarioDocument({ scenario_uuid: uuid, scenario: parameters });
      await store.scenarios.put(scenario);
      expect(await store.scenarios.find(uuid)).toEqual(scenario);
      await store.scenarios.remove(uuid);
    });

    it('updates a scenario of the same run only', async () => {
      const end = { state: 'ended', ended_at: new Date(9), error: null, outcome: null } as const;
      await store.scenarios.put(scenarioDocument({ scenario_uuid: uuid, run_id: 'first' }));
      expect(await store.scenarios.update(uuid, 'other', { end })).toBe(false);
      expect(await store.scenarios.update(uuid, 'first', { end })).toBe(true);
      expect(await store.scenarios.find(uuid)).toMatchObject({ end, camera: 'rtsp://10.0.0.7' });
      expect(await store.scenarios.update(randomUUID(), 'first', { end })).toBe(false);
    });

    it('lists scenarios, newest first and then by id', async () => {
      const [older, newer] = [new Date(Date.UTC(3001, 0, 1)), new Date(Date.UTC(3001, 0, 2))];
      const uuids = { a: older, b: newer, c: newer };
      const uuidOf = (letter: string) => `${uuid.slice(0, -1)}${letter}`;
      for (const [letter, created_at] of Object.entries(uuids)) {
        const scenario_uuid = uuidOf(letter);
        await store.scenarios.put(scenarioDocument({ scenario_uuid, created_at }));
      }
      const list = async (limit: number, after?: ScenarioPosition) => {
        const listed = await store.scenarios.list({ limit, after });
        return listed.map(({ scenario_uuid }) => scenario_uuid.at(-1)).join('');
      };
      expect(await list(2)).toBe('cb');
      expect(await list(2, { scenario_uuid: uuidOf('c'), created_at: newer })).toBe('ba');
      for (const letter of Object.keys(uuids)) await store.scenarios.remove(uuidOf(letter));
    });

    it('rejects the id of another collection', async () => {
      await expect(store.scenarios.find('$where')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(store.cameras.find('a/b')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('replaces a camera, lists and removes it', async () => {
      const camera = cameraDocument(`b-${uuid}`);
      await store.cameras.put(camera);
      await store.cameras.put({ ...camera, sealed: 'other' });
      await store.cameras.put(cameraDocument(`a-${uuid}`));
      const listed = (await store.cameras.list()).filter(({ camera_id: id }) => id.endsWith(uuid));
      expect(listed).toEqual([cameraDocument(`a-${uuid}`), { ...camera, sealed: 'other' }]);
      await store.cameras.remove(`b-${uuid}`);
      expect(await store.cameras.find(`b-${uuid}`)).toBeUndefined();
      await store.cameras.remove(`a-${uuid}`);
    });
  });
}

function cameraDocument(camera_id: string): CameraDocument {
  return {
    ...{ camera_id, camera: 'rtsp://10.0.0.7', sealed: 'c2VhbGVk', scenario_uuid: null },
    updated_at: new Date(Date.UTC(2001, 0, 1)),
  };
}
