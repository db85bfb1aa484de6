import { expect, test } from 'vitest';
import type { StackStatus } from '../../../stack/index.js';
import { readStackState } from '../../../stack/supervisor/stack-state.js';
import { runningOf } from '../../support/processes.js';
import { type CliCase, expectAllRunning } from './case.js';

/** Restarts what was killed. */
export function testRestarts(cli: () => CliCase): void {
  test('restarts a detect worker that was killed', async () => {
    const { pid } = (await cli().statusOf()).detect_worker;
    process.kill(pid ?? 0, 'SIGKILL');
    const isBack = async () => {
      const { state, pid: now } = (await cli().statusOf()).detect_worker;
      return state === 'running' && now !== pid;
    };
    // Each look is a process, which takes the time from the worker.
    await expect.poll(isBack, { timeout: 60_000, interval: 1000 }).toBe(true);
  });

  test('restarts a stack whose supervisor was killed and keeps its data', async () => {
    const { pid = 0 } = (await readStackState(cli().vidette.dataDir))?.supervisor ?? {};
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => runningOf([pid]), { timeout: 60_000 }).toEqual([]);
    expectAllRunning((await cli().vidette.json('up')) as StackStatus);
    expect((await readStackState(cli().vidette.dataDir))?.supervisor.pid).not.toBe(pid);
    expect(await cli().vidette.json('job', cli().detected.event_id)).toMatchObject({
      status: 'ready',
    });
  });
}
