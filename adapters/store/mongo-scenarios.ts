import type { Collection } from 'mongodb';
import type { AlertRule } from '../../domain/alert/alert-rule.js';
import { SCENARIOS } from '../../domain/collections.js';
import { expectScenarioUuid } from '../../domain/names.js';
import type { ScenarioStore } from '../../domain/ports/scenario-store.js';
import type { SealedScenario } from '../../domain/stream/scenario-contracts.js';
import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import { conditionsAfter } from './event-filter.js';
import type { RunQuery } from './mongo-queries.js';

/** Zones, and rules of alerts with theirs, are stored as JSON, because FerretDB stores no lists in lists. */
type StoredParameters = Omit<SealedScenario, 'zones' | 'alerts'> & {
  readonly zones?: string;
  readonly alerts?: string;
};

type StoredFields = Omit<ScenarioDocument, 'scenario'> & { readonly scenario: StoredParameters };

export type StoredScenario = StoredFields & { readonly _id: string };

/** Scenarios in MongoDB. */
export function createScenarios(
  scenarios: Collection<StoredScenario>,
  run: RunQuery,
): ScenarioStore {
  return {
    put: async (scenario) => {
      const _id = expectScenarioUuid(scenario.scenario_uuid);
      const fields = { ...scenario, scenario: toStored(scenario.scenario) };
      const put = () => scenarios.replaceOne({ _id }, fields, { upsert: true });
      await run(SCENARIOS, put);
    },
    update: async (scenarioUuid, runId, { scenario, ...rest }) => {
      const fields = { ...rest, ...(scenario && { scenario: toStored(scenario) }) };
      const filter = { _id: expectScenarioUuid(scenarioUuid), run_id: { $eq: runId } };
      const update = () => scenarios.updateOne(filter, { $set: fields });
      return (await run(SCENARIOS, update)).matchedCount === 1;
    },
    find: async (scenarioUuid) => {
      const filter = { _id: expectScenarioUuid(scenarioUuid) };
      const found = await run(SCENARIOS, () => scenarios.findOne(filter));
      return found ? withoutId(found) : undefined;
    },
    list: async ({ limit, after }) => {
      const filter = after
        ? { $and: conditionsAfter<StoredScenario>(after.created_at, after.scenario_uuid) }
        : {};
      const options = { limit, sort: { created_at: -1, _id: -1 } } as const;
      const find = () => scenarios.find(filter, options).toArray();
      return (await run(SCENARIOS, find)).map(withoutId);
    },
    remove: async (scenarioUuid) => {
      const filter = { _id: expectScenarioUuid(scenarioUuid) };
      await run(SCENARIOS, () => scenarios.deleteOne(filter));
    },
  };
}

function withoutId({ _id, scenario, ...fields }: StoredScenario): ScenarioDocument {
  return { ...fields, scenario: fromStored(scenario) };
}

function toStored({ zones, alerts, ...parameters }: SealedScenario): StoredParameters {
  return {
    ...parameters,
    ...(zones && { zones: JSON.stringify(zones) }),
    ...(alerts && { alerts: JSON.stringify(alerts) }),
  };
}

function fromStored({ zones, alerts, ...parameters }: StoredParameters): SealedScenario {
  // Our own writing.
  return {
    ...parameters,
    ...(zones !== undefined && { zones: JSON.parse(zones) as ZoneOrLine[] }),
    ...(alerts !== undefined && { alerts: JSON.parse(alerts) as AlertRule[] }),
  };
}
