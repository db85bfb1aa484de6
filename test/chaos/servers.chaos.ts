import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import type { ServerName } from '../../stack/supervisor/stack-plan.js';
import { type ChaosHarness, startHarness } from './harness.js';
import { disturb } from './disturb.js';
import { reset, terminated, timedOut } from './from-the-web-ui.js';
import { type Run, rounds } from './rounds.js';
import { trySignal } from './signals.js';

const OUTAGE_MS = 30_000;

let harness: ChaosHarness;
beforeAll(async () => {
  harness = await startHarness({});
});
afterAll(() => harness?.stack.close({ keepFolder: hasFailed() }));

/** Stops or kills a server and starts it again after a while. */
const stopped =
  (name: ServerName): Run =>
  (trial) =>
    disturb(harness, trial, async (_, { random }) => {
      const { servers } = harness.stack;
      trySignal(servers.pids()[name]!, random.pick(['SIGTERM', 'SIGKILL']));
      await servers.halt(name);
      await sleep(OUTAGE_MS);
      await servers.resume(name);
    });

const { hasFailed } = rounds(
  [
    ['temporal-stopped', stopped('temporal')],
    ['terminated', (trial) => terminated(harness, trial)],
    ['object-store-stopped', stopped('object_store')],
    ['timed-out', (trial) => timedOut(harness, trial)],
    ['document-store-stopped', stopped('document_store')],
    ['reset', (trial) => reset(harness, trial)],
  ],
  () => harness.stack.folder,
);
