import { expect, test } from 'vitest';
import type { Job, ScheduleInfo } from '../../../client/index.js';
import type { CliCase } from './case.js';

/** Schedules a job. */
export function testSchedules(cli: () => CliCase): void {
  test('creates, triggers, lists and deletes a schedule', async () => {
    const schedules = async () => (await cli().vidette.json('schedule', 'list')) as ScheduleInfo[];
    expect(await schedules()).toEqual([]);
    const when = ['--id', 'new-year', '--cron', '0 3 1 1 *'];
    const made = await cli().vidette.json('schedule', 'create', 'My clip.mp4', ...when);
    expect(made).toMatchObject({
      schedule_id: 'new-year',
      video_id: cli().detected.video_id,
      recent: [],
    });
    await cli().vidette.json('schedule', 'trigger', 'new-year');
    const recent = async () => (await schedules())[0]?.recent.map(({ event_id }) => event_id) ?? [];
    await expect.poll(recent, { timeout: 60_000, interval: 1000 }).toHaveLength(1);
    const [found] = await recent();
    const event_id = found!;
    expect(event_id).toMatch(/^new-year-/);
    const job = async () => (await cli().vidette.json('job', event_id)) as Job;
    const soon = { timeout: 60_000, interval: 1000 };
    await expect.poll(job, soon).toMatchObject({ status: 'ready' });
    await cli().vidette.json('schedule', 'delete', 'new-year');
    await expect.poll(schedules, { timeout: 60_000 }).toEqual([]);
  });
}
