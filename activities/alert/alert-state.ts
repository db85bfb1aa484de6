import type { AlertRule } from '../../domain/alert/alert-rule.js';
import type { AlertState } from '../../domain/alert/alert-watch.js';
import { canonicalJson, sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/** State of the rules of a job after a range, with what it depends on. */
interface StoredState {
  readonly rules: string;
  readonly state: AlertState;
}

/** Reads and writes the states of the rules of a job. */
export interface AlertStates {
  /** Returns the state after a range; undefined if it is not stored, or for other rules. */
  read(range: number): Promise<AlertState | undefined>;
  write(range: number, state: AlertState): Promise<void>;
}

export function createAlertStates(
  objects: Pick<ObjectStore, 'find' | 'put'>,
  eventId: string,
  rules: readonly AlertRule[],
): AlertStates {
  const hash = sha256(canonicalJson(rules.map(({ channels: _channels, ...rule }) => rule)));
  return {
    read: async (range) => {
      const data = await objects.find(BUCKETS.results, keys.alertState(eventId, range));
      if (!data) return undefined;
      const stored = JSON.parse(data.toString('utf8')) as StoredState; // our own writing
      return stored.rules === hash ? stored.state : undefined;
    },
    write: async (range, state) => {
      const stored: StoredState = { rules: hash, state };
      const key = keys.alertState(eventId, range);
      const options = { contentType: 'application/json' };
      await objects.put(BUCKETS.results, key, JSON.stringify(stored), options);
    },
  };
}
