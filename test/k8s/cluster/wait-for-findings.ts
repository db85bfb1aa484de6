import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from './scenario.js';

/** Each look starts a process, and a dozen checks wait at the same time. */
const POLL_MS = 1500;

/**
 * Looks again until nothing is found, or what the scenario awaits, or the time has passed.
 * @returns The last findings.
 */
export async function waitForFindings(
  { awaited }: Pick<Scenario, 'awaited'>,
  timeoutMs: number,
  find: () => Promise<string[]>,
): Promise<string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const findings = await find();
    if (findings.length === 0 || awaited?.test(findings.join('; '))) return findings;
    if (performance.now() > deadline) return findings;
    await sleep(POLL_MS);
  }
}
