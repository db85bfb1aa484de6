import type { AlertState } from '../../domain/alert/alert-watch.js';
import { BUCKETS, expectScenarioUuid } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** State of the rules of a scenario after a row. */
export interface RowState {
  /** Number of the last row that was compared. */
  readonly row: number;
  readonly state: AlertState;
}

/** Reads and writes the state of the rules of a scenario, `{uuid}/alerts/state.json`. */
export interface RowStates {
  read(): Promise<RowState | undefined>;
  write(state: RowState): Promise<void>;
}

export function createRowStates(
  objects: Pick<ObjectStore, 'find' | 'put'>,
  scenarioUuid: string,
): RowStates {
  const key = `${expectScenarioUuid(scenarioUuid)}/alerts/state.json`;
  return {
    read: async () => {
      const data = await objects.find(BUCKETS.streams, key);
      return data && (JSON.parse(data.toString('utf8')) as RowState); // our own writing
    },
    write: async (state) => {
      const options = { contentType: 'application/json' };
      await objects.put(BUCKETS.streams, key, JSON.stringify(state), options);
    },
  };
}
