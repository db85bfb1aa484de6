import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Batch, Job, ScheduleInfo } from '../../client/index.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { projectFile } from '../../platform/package-root.js';
import type { StackStatus } from '../../stack/index.js';
import { SERVICE_NAMES } from '../../stack/supervisor/stack-plan.js';
import { readStackState } from '../../stack/supervisor/stack-state.js';
import { makeClip } from '../support/clips.js';
import { type CommandLine, createCommandLine, type Ended } from '../support/command-line.js';
import { processesOf, runningOf } from '../support/processes.js';

const CLIP = {
  ...{ name: 'command line', extension: 'mp4', frames: 50 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};
const SAMPLED = 10;

/** What `detect --json` prints. */
interface Detected {
  readonly event_id: string;
  readonly video_id: string;
  readonly result: { readonly path: string | null };
}

// One stack through its life: each test continues where the previous one ended.
let vidette: CommandLine;
let detected: Detected;

beforeAll(async () => {
  vidette = await createCommandLine(inject('modelsDir'));
  await makeClip(CLIP, join(vidette.folder, 'My clip.mp4'));
});
afterAll(() => vidette?.close());

const statusOf = async () => (await vidette.json('status')) as StackStatus;
const detect = async (...args: string[]) =>
  (await vidette.json('detect', 'My clip.mp4', ...args)) as Detected;

function expectAllRunning(status: StackStatus): void {
  expect(Object.keys(status)).toEqual([...SERVICE_NAMES]);
  for (const service of Object.values(status)) {
    expect(service).toMatchObject({
      pid: expect.any(Number) as number,
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      state: 'running',
    });
  }
}

/** Expects one line of error text without a stack trace. */
function expectOneError({ stderr }: Ended): void {
  expect(stderr.match(/^error: .+/gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at |node:internal|\.js:\d+/m);
}

test('explains how to start a stack if none is running', async () => {
  const ended = await vidette.run('jobs');
  expect(ended).toMatchObject({ exitCode: 4, stdout: '' });
  expectOneError(ended);
  expect(ended.stderr).toContain('vidette up');
});

test('starts everything with up, and status shows the same', async () => {
  const status = (await vidette.json('up')) as StackStatus;
  expectAllRunning(status);
  const pids = Object.values(status).map(({ pid }) => pid ?? 0);
  expect((await runningOf(pids)).sort()).toEqual(pids.sort());
  const ports = JSON.parse(await readFile(join(vidette.dataDir, 'ports.json'), 'utf8')) as object;
  expect(Object.values(ports)).toContain(Number(status.object_store.address?.split(':')[1]));
  expect(await statusOf()).toEqual(status);
});

test('detects, prints JSON and writes the result', async () => {
  detected = await detect('--out', 'out.json');
  const path = join(vidette.folder, 'out.json');
  expect(detected).toEqual({
    event_id: expect.stringMatching(/^my-clip-[0-9a-f]{12}-[0-9a-f]{12}$/) as string,
    video_id: expect.stringMatching(/^my-clip-[0-9a-f]{12}$/) as string,
    status: 'ready',
    frames: SAMPLED,
    skipped: 0,
    objects: expect.any(Number) as number,
    objects_by_class: expect.any(Object) as object,
    seconds: expect.any(Number) as number,
    fps: expect.any(Number) as number,
    device: expect.stringContaining('cpu') as string,
    result: { bucket: 'results', key: `results/${detected.event_id}.json`, path },
  });
  const result = JSON.parse(await readFile(path, 'utf8')) as DetectionResult;
  expect(result).toMatchObject({ event_id: detected.event_id, video_id: detected.video_id });
  expect(result.frames.map(({ frame }) => frame)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
});

test('returns the same job when detect is repeated', async () => {
  const { stdout, stderr } = await vidette.run(
    ...['detect', 'My clip.mp4', '--out', 'out.json', '--json'],
  );
  // Equal seconds: nothing ran a second time.
  expect(JSON.parse(stdout)).toEqual(detected);
  expect(stderr).toContain(`job ${detected.event_id} exists already`);
});

test('shows the job in jobs and job', async () => {
  const { event_id, video_id } = detected;
  const shown = { event_id, video_id, status: 'ready', error: null };
  const [jobs, job] = await Promise.all([vidette.json('jobs'), vidette.json('job', event_id)]);
  expect(jobs).toEqual([expect.objectContaining(shown)]);
  expect(job).toMatchObject(shown);
});

test('reports a file that is not a video in one line', async () => {
  await writeFile(join(vidette.folder, 'zeros.mp4'), Buffer.alloc(1000));
  const ended = await vidette.run('detect', 'zeros.mp4');
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
  expectOneError(ended);
  expect(ended.stderr).toMatch(/^error: job zeros-\S+ failed: BAD_VIDEO: /m);
});

test('rejects a text before it is uploaded', async () => {
  await writeFile(join(vidette.folder, 'notes.mp4'), 'not a video\n');
  const ended = await vidette.run('detect', 'notes.mp4');
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expectOneError(ended);
  expect(ended.stderr).toContain('notes.mp4 is a text file. Give a video file.');
});

test('filters jobs, and shows the options, counts and page of one', async () => {
  const { event_id } = detected;
  const ids = async (...filter: string[]) => {
    const jobs = (await vidette.json('jobs', ...filter)) as Job[];
    return jobs.map((job) => job.event_id);
  };
  const [recent, ofModel, ofClass, job] = await Promise.all([
    ids('--video', 'My clip.mp4', '--since', '1h'),
    ids('--model', 'another'),
    ids('--class', 'not-a-class'),
    vidette.json('job', event_id),
  ]);
  expect({ recent, ofModel, ofClass }).toEqual({ recent: [event_id], ofModel: [], ofClass: [] });
  expect(job).toMatchObject({
    parameters: { every: 5 },
    device: 'auto',
    objects_by_class: expect.any(Object) as object,
    page: expect.stringMatching(new RegExp(`^http://127.0.0.1:\\d+/#/job/${event_id}$`)) as string,
  });
});

test('detects several videos, and names one that it rejects', async () => {
  await mkdir(join(vidette.folder, 'clips'));
  await copyFile(join(vidette.folder, 'My clip.mp4'), join(vidette.folder, 'clips/copy.mp4'));
  await writeFile(join(vidette.folder, 'clips/empty.mp4'), '');
  const { stdout, exitCode } = await vidette.run(
    ...['detect', 'clips', 'My clip.mp4', '--out', 'results', '--json'],
  );
  expect(exitCode).toBe(1);
  const { batch_id, jobs, rejected } = JSON.parse(stdout) as {
    readonly batch_id: string;
    readonly jobs: readonly (Detected & { readonly name: string; readonly status: string })[];
    readonly rejected: readonly unknown[];
  };
  expect(batch_id).toMatch(/^batch-[0-9a-f]{12}$/);
  expect(rejected).toMatchObject([{ name: 'empty.mp4', error: { code: 'BAD_VIDEO' } }]);
  expect(jobs.map(({ name, status }) => ({ name, status }))).toEqual([
    { name: 'copy.mp4', status: 'ready' },
    { name: 'My clip.mp4', status: 'ready' },
  ]);
  expect(jobs[1]?.event_id).toBe(detected.event_id);
  for (const { event_id, result } of jobs) {
    const text = await readFile(result.path ?? '', 'utf8');
    expect((JSON.parse(text) as DetectionResult).event_id).toBe(event_id);
  }
});

test('lists and shows a batch, and writes the objects of its videos as one CSV', async () => {
  const [batch] = (await vidette.json('batches')) as Batch[];
  expect(batch).toMatchObject({ status: 'ready', total: 2, ready: 2 });
  const { batch_id = '' } = batch ?? {};
  const [written, printed, jobs, retried] = await Promise.all([
    vidette.json('batch', batch_id, '--csv', 'all.csv'),
    vidette.run('batch', batch_id, '--csv', '-'),
    vidette.json('jobs', '--batch', batch_id),
    vidette.json('batch', batch_id, '--retry'),
  ]);
  expect(written).toEqual({ ...batch, csv: join(vidette.folder, 'all.csv') });
  const csv = await readFile(join(vidette.folder, 'all.csv'), 'utf8');
  expect(csv).toMatch(/^video,x_min,/);
  expect(printed.stdout).toBe(csv.trimEnd());
  expect((jobs as Job[]).map(({ event_id }) => event_id)).toContain(detected.event_id);
  expect(retried).toEqual({ ...batch, csv: null });
});

test('submits a list from standard input without waiting', async () => {
  const submitted = await execa(
    process.execPath,
    [projectFile('dist/cli/main.js'), 'detect', '-', '--no-wait', '--json'],
    { cwd: vidette.folder, env: vidette.env, extendEnv: false, input: 'clips/copy.mp4\n' },
  );
  const copy = expect.stringMatching(/^copy-/) as string;
  expect(JSON.parse(submitted.stdout)).toEqual({
    batch_id: expect.stringMatching(/^batch-/) as string,
    jobs: [{ name: 'copy.mp4', event_id: copy, video_id: copy }],
    rejected: [],
  });
});

test('uses the servers of TEMPORAL_ADDRESS although a local stack runs', async () => {
  const env = { ...vidette.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const options = { cwd: vidette.folder, env, extendEnv: false, reject: false };
  const main = projectFile('dist/cli/main.js');
  const commands = [['jobs'], ['detect', 'My clip.mp4']];
  const run = (args: string[]) => execa(process.execPath, [main, ...args], options);
  for (const { exitCode, stdout, stderr } of await Promise.all(commands.map(run))) {
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('TEMPORAL_ADDRESS selects the servers of 127.0.0.1:1');
  }
});

test('shows logs, and the URL of the page without a terminal', async () => {
  const [logs, { api }, opened] = await Promise.all([
    vidette.json('logs', 'api', '--lines', '2'),
    statusOf(),
    vidette.json('open'),
  ]);
  expect(logs).toEqual({ api: [expect.any(String), expect.any(String)] });
  expect(opened).toEqual({ url: `${api.ui}/#/jobs`, opened: false });
});

// These change nothing, so they run concurrently.
test.concurrent.each([
  ['a value out of range', ['detect', 'My clip.mp4', '--every', '0'], 'every'],
  ['a value that is not a number', ['detect', 'My clip.mp4', '--conf', 'high'], 'conf'],
  ['an unknown device', ['detect', 'My clip.mp4', '--device', 'tpu'], 'tpu'],
  ['an unknown option', ['detect', 'My clip.mp4', '--evry', '2'], '--evry'],
  ['a missing file', ['detect', './nothing.mp4'], 'nothing.mp4'],
  ['a pattern without a match', ['detect', 'nothing/*.mp4'], 'nothing/*.mp4'],
  [
    'one event_id for two videos',
    ['detect', 'My clip.mp4', 'one', '--event-id', 'x'],
    '--event-id',
  ],
  ['an unknown service', ['logs', 'nginx'], 'nginx'],
  ['an unknown job', ['job', 'missing'], 'missing'],
  ['an unknown batch', ['batch', 'missing'], 'missing'],
  ['a retry with a cancellation', ['batch', 'b', '--retry', '--cancel'], '--cancel'],
  [
    'a schedule with a fixed event_id',
    [
      ...['schedule', 'create', 'My clip.mp4', '--id', 'fixed', '--cron', '0 3 * * *'],
      ...['--event-id', 'mine'],
    ],
    'event_id',
  ],
])('rejects %s as invalid usage', async (_, args, named) => {
  const ended = await vidette.run(...args);
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expectOneError(ended);
  expect(ended.stderr).toContain(named);
});

test('restarts a detect worker that was killed', async () => {
  const { pid } = (await statusOf()).detect_worker;
  process.kill(pid ?? 0, 'SIGKILL');
  const isBack = async () => {
    const { state, pid: now } = (await statusOf()).detect_worker;
    return state === 'running' && now !== pid;
  };
  // Each look is a process, which takes the time from the worker.
  await expect.poll(isBack, { timeout: 60_000, interval: 1000 }).toBe(true);
});

test('restarts a stack whose supervisor was killed and keeps its data', async () => {
  const { pid = 0 } = (await readStackState(vidette.dataDir))?.supervisor ?? {};
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => runningOf([pid]), { timeout: 60_000 }).toEqual([]);
  expectAllRunning((await vidette.json('up')) as StackStatus);
  expect((await readStackState(vidette.dataDir))?.supervisor.pid).not.toBe(pid);
  expect(await vidette.json('job', detected.event_id)).toMatchObject({ status: 'ready' });
});

test('creates, triggers, lists and deletes a schedule', async () => {
  const schedules = async () => (await vidette.json('schedule', 'list')) as ScheduleInfo[];
  expect(await schedules()).toEqual([]);
  const when = ['--id', 'new-year', '--cron', '0 3 1 1 *'];
  const made = await vidette.json('schedule', 'create', 'My clip.mp4', ...when);
  expect(made).toMatchObject({ schedule_id: 'new-year', video_id: detected.video_id, recent: [] });
  await vidette.json('schedule', 'trigger', 'new-year');
  const recent = async () => (await schedules())[0]?.recent.map(({ event_id }) => event_id) ?? [];
  await expect.poll(recent, { timeout: 60_000, interval: 1000 }).toHaveLength(1);
  const [found] = await recent();
  const event_id = found!;
  expect(event_id).toMatch(/^new-year-/);
  const job = async () => (await vidette.json('job', event_id)) as Job;
  const soon = { timeout: 60_000, interval: 1000 };
  await expect.poll(job, soon).toMatchObject({ status: 'ready' });
  await vidette.json('schedule', 'delete', 'new-year');
  await expect.poll(schedules, { timeout: 60_000 }).toEqual([]);
});

test('deletes jobs and their video', async () => {
  const listed = (jobs: unknown) => (jobs as Job[]).map(({ event_id }) => event_id).sort();
  const all = listed(await vidette.json('jobs'));
  expect(all).toContain(detected.event_id);
  const [oldJobs, allJobs, inUse, missing] = await Promise.all([
    vidette.json('prune', '--older', '1d', '--dry-run'),
    vidette.json('prune', '--older', '0', '--dry-run'),
    vidette.run('rm', '--video', detected.video_id),
    vidette.run('rm', 'missing'),
  ]);
  const others = { rescorings: [], image_batches: [], retrainings: [] };
  expect(oldJobs).toEqual({ jobs: [], ...others });
  expect(allJobs).toEqual({ jobs: all, ...others });
  expect(inUse).toMatchObject({ exitCode: 2, stdout: '' });
  expectOneError(inUse);
  expect(inUse.stderr).toContain(`Video ${detected.video_id} is used by job `);
  const { event_id } = detected;
  expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
  expectOneError(missing);
  const partly = await vidette.run('rm', 'missing', event_id, '--json');
  expect(partly.exitCode).toBe(2);
  expect(JSON.parse(partly.stdout)).toMatchObject({
    deleted: [event_id],
    failed: [{ id: 'missing', error: { code: 'JOB_NOT_FOUND' } }],
  });
  expect(listed(await vidette.json('jobs'))).toEqual(all.filter((id) => id !== event_id));
  expect(await vidette.json('prune', '--older', '0')).toEqual({
    ...{ pruned: all.length - 1, kept: 0, failed: 0 },
    ...{ rescorings: 0, image_batches: 0, retrainings: 0 },
  });
  expect(await vidette.json('jobs')).toEqual([]);
  const { video_id } = detected;
  expect(await vidette.json('rm', '--video', video_id)).toEqual({
    ...{ deleted: [video_id], failed: [] },
  });
});

test('stops every process with down', async () => {
  expect((await processesOf(vidette.dataDir)).length).toBeGreaterThan(SERVICE_NAMES.length);
  expect(await vidette.json('down')).toEqual({ stopped: true });
  expect(await processesOf(vidette.dataDir)).toEqual([]);
  for (const { state, pid } of Object.values(await statusOf())) {
    expect({ state, pid }).toEqual({ state: 'stopped', pid: null });
  }
  expect(await vidette.json('down')).toEqual({ stopped: false });
});

test('starts a stack for one detect and stops it afterwards', async () => {
  const alone = await detect('--conf', '0.9', '--out', 'alone.json');
  expect(alone).toMatchObject({ status: 'ready', frames: SAMPLED, video_id: detected.video_id });
  expect(alone.event_id).not.toBe(detected.event_id);
  expect(await processesOf(vidette.dataDir)).toEqual([]);
});
