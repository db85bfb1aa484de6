import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StackStatus } from '../../../stack/index.js';
import { runningOf } from '../../support/processes.js';
import { type CliCase, expectAllRunning, expectOneError } from './case.js';

/** Starts the stack. */
export function testStart(cli: () => CliCase): void {
  test('explains how to start a stack if none is running', async () => {
    const ended = await cli().vidette.run('jobs');
    expect(ended).toMatchObject({ exitCode: 4, stdout: '' });
    expectOneError(ended);
    expect(ended.stderr).toContain('vidette up');
  });

  test('starts everything with up, and status shows the same', async () => {
    const status = (await cli().vidette.json('up')) as StackStatus;
    expectAllRunning(status);
    const pids = Object.values(status).map(({ pid }) => pid ?? 0);
    expect((await runningOf(pids)).sort()).toEqual(pids.sort());
    const ports = JSON.parse(
      await readFile(join(cli().vidette.dataDir, 'ports.json'), 'utf8'),
    ) as object;
    expect(Object.values(ports)).toContain(Number(status.object_store.address?.split(':')[1]));
    expect(await cli().statusOf()).toEqual(status);
  });
}
