import { expect, test } from 'vitest';
import type { Job } from '../../../client/index.js';
import { SERVICE_NAMES } from '../../../stack/supervisor/stack-plan.js';
import { processesOf } from '../../support/processes.js';
import { type CliCase, expectOneError, SAMPLED } from './case.js';

/** Deletes everything, stops the stack, and starts one for a single job. */
export function testRemoval(cli: () => CliCase): void {
  test('deletes jobs and their video', async () => {
    const listed = (jobs: unknown) => (jobs as Job[]).map(({ event_id }) => event_id).sort();
    const all = listed(await cli().vidette.json('jobs'));
    expect(all).toContain(cli().detected.event_id);
    const [oldJobs, allJobs, inUse, missing] = await Promise.all([
      cli().vidette.json('prune', '--older', '1d', '--dry-run'),
      cli().vidette.json('prune', '--older', '0', '--dry-run'),
      cli().vidette.run('rm', '--video', cli().detected.video_id),
      cli().vidette.run('rm', 'missing'),
    ]);
    const others = { rescorings: [], image_batches: [], retrainings: [] };
    expect(oldJobs).toEqual({ jobs: [], ...others });
    expect(allJobs).toEqual({ jobs: all, ...others });
    expect(inUse).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneError(inUse);
    expect(inUse.stderr).toContain(`Video ${cli().detected.video_id} is used by job `);
    const { event_id } = cli().detected;
    expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneError(missing);
    const partly = await cli().vidette.run('rm', 'missing', event_id, '--json');
    expect(partly.exitCode).toBe(2);
    expect(JSON.parse(partly.stdout)).toMatchObject({
      deleted: [event_id],
      failed: [{ id: 'missing', error: { code: 'JOB_NOT_FOUND' } }],
    });
    expect(listed(await cli().vidette.json('jobs'))).toEqual(all.filter((id) => id !== event_id));
    expect(await cli().vidette.json('prune', '--older', '0')).toEqual({
      ...{ pruned: all.length - 1, kept: 0, failed: 0 },
      ...{ rescorings: 0, image_batches: 0, retrainings: 0 },
    });
    expect(await cli().vidette.json('jobs')).toEqual([]);
    const { video_id } = cli().detected;
    expect(await cli().vidette.json('rm', '--video', video_id)).toEqual({
      ...{ deleted: [video_id], failed: [] },
    });
  });

  test('stops every process with down', async () => {
    expect((await processesOf(cli().vidette.dataDir)).length).toBeGreaterThan(SERVICE_NAMES.length);
    expect(await cli().vidette.json('down')).toEqual({ stopped: true });
    expect(await processesOf(cli().vidette.dataDir)).toEqual([]);
    for (const { state, pid } of Object.values(await cli().statusOf())) {
      expect({ state, pid }).toEqual({ state: 'stopped', pid: null });
    }
    expect(await cli().vidette.json('down')).toEqual({ stopped: false });
  });

  test('starts a stack for one detect and stops it afterwards', async () => {
    const alone = await cli().detect('--conf', '0.9', '--out', 'alone.json');
    expect(alone).toMatchObject({
      status: 'ready',
      frames: SAMPLED,
      video_id: cli().detected.video_id,
    });
    expect(alone.event_id).not.toBe(cli().detected.event_id);
    expect(await processesOf(cli().vidette.dataDir)).toEqual([]);
  });
}
