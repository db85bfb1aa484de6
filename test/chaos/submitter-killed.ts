import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect } from 'vitest';
import { ownEnvironment } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import type { ChaosHarness } from './harness.js';
import { expectNothingLeft, expectResult } from './check.js';
import type { Trial } from './rounds.js';

/** Time of the kill: from before it has read its arguments to after it has started the job. */
const LIVES_MS = [0, 4000] as const;

/**
 * Kills `vidette detect` at a random moment and submits the same again, which continues with the job
 * that there may be. Resolves with the seconds from then to its end.
 */
export async function submitterKilled(harness: ChaosHarness, trial: Trial): Promise<number> {
  const rows = await harness.undisturbed(trial.frames);
  const first = submit(harness, trial);
  await sleep(trial.random.between(...LIVES_MS));
  first.kill('SIGKILL');
  expect(await first).toMatchObject({ signal: 'SIGKILL' });
  const since = performance.now();
  const again = await submit(harness, trial);
  expect(again.exitCode, again.stderr).toBe(0);
  const recoveredS = (performance.now() - since) / 1000;
  await expectResult(harness.stack, trial.eventId, { rows });
  await expectNothingLeft(harness);
  return recoveredS;
}

function submit({ stack, clip, model }: ChaosHarness, { eventId, frames }: Trial) {
  const main = projectFile('dist/cli/main.js');
  const options = ['--event-id', eventId, '--frames', frames, '--every', '1', '--model', model];
  return execa(process.execPath, [main, 'detect', clip, ...options, '--json'], {
    ...{ cwd: stack.folder, reject: false, stdin: 'ignore', extendEnv: false },
    env: { ...ownEnvironment(), ...stack.settings },
  });
}
