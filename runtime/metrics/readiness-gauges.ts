import { Gauge, type Registry } from 'prom-client';
import { DOCUMENT_STORE, OBJECT_STORE, TEMPORAL } from '../server-names.js';
import type { Readiness } from '../readiness.js';

/** Values of the label `server`, by the names of servers in logs. */
const SERVERS: Readonly<Record<string, string>> = {
  [TEMPORAL]: 'temporal',
  [OBJECT_STORE]: 'object_store',
  [DOCUMENT_STORE]: 'document_store',
};

/** Adds the readiness of this process and of each server that it has tried to reach. */
export function addReadinessGauges(
  registers: Registry[],
  processName: string,
  readiness: Pick<Readiness, 'state' | 'replies'>,
): void {
  new Gauge({
    name: 'vidette_ready',
    help: 'Whether this process takes work: 1 or 0',
    labelNames: ['process'],
    registers,
    collect() {
      this.set({ process: processName }, Number(readiness.state().ready));
    },
  });
  new Gauge({
    name: 'vidette_server_up',
    help: 'Whether a server replied to the last check of this process: 1 or 0',
    labelNames: ['server'],
    registers,
    collect() {
      for (const [name, doesReply] of readiness.replies) {
        const server = SERVERS[name];
        if (server !== undefined) this.set({ server }, Number(doesReply));
      }
    },
  });
}
