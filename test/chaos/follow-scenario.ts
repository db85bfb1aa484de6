import { setTimeout as sleep } from 'node:timers/promises';
import { isGap, type VidetteClient } from '../../client/index.js';
import type { StoredRow } from '../../domain/stream/row.js';

/** A reader of a scenario's rows that continues after errors, as a consumer does. */
export interface ScenarioFollower {
  /** Rows that were received, in this order. */
  readonly rows: readonly StoredRow[];
  /** Errors after which it continued. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
}

const RETRY_MS = 500;

/** Follows the rows of a scenario from the first one on. */
export function followScenario({ streams }: VidetteClient, uuid: string): ScenarioFollower {
  const rows: StoredRow[] = [];
  const errors: unknown[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;

  async function receive(): Promise<void> {
    const after = rows.at(-1)?.frame_number ?? 0;
    for await (const entry of streams.results(uuid, { after, follow: true, signal })) {
      if (!isGap(entry)) rows.push(entry);
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      await receive().catch((error: unknown) => {
        if (!signal.aborted) errors.push(error);
      });
      await sleep(RETRY_MS);
    }
  }

  const following = follow();
  return {
    ...{ rows, errors },
    stop: () => {
      stopping.abort();
      return following;
    },
  };
}
