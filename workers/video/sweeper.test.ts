import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { EventDocument } from '../../domain/job/event.js';
import type { RunEnd } from '../../domain/job/job-end.js';
import { isClosed, type JobStatus } from '../../domain/job/job-status.js';
import type { UnreportedJobEnd } from '../../domain/ports/runs.js';
import { createSweeper, sweepUntil } from './sweeper.js';

const SECOND = 1000;
const NOW = Date.UTC(2026, 0, 1);

interface Job {
  readonly id: string;
  /** Undefined while a run of it goes on. */
  readonly end?: RunEnd['kind'];
  readonly status?: JobStatus;
  /** First run of the job that the event belongs to; that of this one by default. */
  readonly owner?: string;
}

/** Jobs with a closed run each, their events, and the files of this host. */
function world(jobs: readonly Job[], files: readonly string[]) {
  const events = new Map(
    jobs
      .filter(({ status }) => status)
      .map(({ id, status, owner = id }) => [id, { event_id: id, status, run_id: owner }]),
  );
  const kept = new Set(files);
  const looks: number[] = [];
  const told: [string, JobStatus][] = [];
  const deps = {
    logger: pino({ level: 'silent' }),
    closedRuns: {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port's is asynchronous
      since: async function* (time: Date) {
        looks.push(time.getTime());
        for (const { id, end = 'terminated' } of jobs) {
          yield { workflowId: id, runId: id, eventId: id, kind: end };
        }
      },
      endOf: (id: string) => {
        const { end } = jobs.find((job) => job.id === id)!;
        const ids = { runId: id, firstRunId: id };
        return Promise.resolve(end && { kind: end, ...ids, endedAt: new Date(NOW) });
      },
    },
    jobEndNotifier: {
      notify: ({ workflowId, status }: UnreportedJobEnd) => {
        told.push([workflowId, status]);
        return Promise.resolve(true);
      },
    },
    documents: {
      findEvent: (id: string) => Promise.resolve(events.get(id) as EventDocument | undefined),
      closeAbandoned: (runId: string, { status }: { status: JobStatus }) => {
        const open = [...events.values()].find(
          (event) => event.run_id === runId && !isClosed(event.status!),
        );
        if (open) open.status = status;
        return Promise.resolve(open?.event_id);
      },
    },
    scratch: {
      events: () => Promise.resolve([...kept]),
      dropEvent: (id: string) => Promise.resolve(void kept.delete(id)),
    },
  };
  return { deps, events, kept, looks, told };
}

describe('sweeping', () => {
  it.each<[string, Job, JobStatus | undefined, boolean]>([
    [
      'cancels one that was terminated',
      { id: 'a', end: 'terminated', status: 'processing' },
      'cancelled',
      false,
    ],
    [
      'fails one that timed out',
      { id: 'a', end: 'timed_out', status: 'predictable' },
      'failed',
      false,
    ],
    [
      'fails one whose end could not be written',
      { id: 'a', end: 'failed', status: 'processing' },
      'failed',
      false,
    ],
    ['leaves one that runs again', { id: 'a', status: 'processing' }, 'processing', true],
    [
      'leaves the event of another job',
      { id: 'a', end: 'terminated', status: 'processing', owner: 'b' },
      'processing',
      true,
    ],
    [
      'leaves a closed event and drops its files',
      { id: 'a', end: 'terminated', status: 'ready' },
      'ready',
      false,
    ],
    [
      'leaves the files of a closed event that runs again',
      { id: 'a', status: 'failed' },
      'failed',
      true,
    ],
    ['drops files of a job without an event', { id: 'a', end: 'terminated' }, undefined, false],
  ])('%s', async (_, job, status, keepsFiles) => {
    const { deps, events, kept } = world([job], ['a', 'other']);
    await createSweeper(deps).sweep(NOW);
    expect(events.get('a')?.status).toBe(status);
    expect([...kept].sort()).toEqual(keepsFiles ? ['a', 'other'] : ['other']);
  });

  it.each<[string, Job, JobStatus | undefined]>([
    ['one that was terminated', { id: 'a', end: 'terminated', status: 'processing' }, 'cancelled'],
    ['one that timed out', { id: 'a', end: 'timed_out', status: 'processing' }, 'failed'],
    ['one without an event', { id: 'a', end: 'terminated' }, 'cancelled'],
    ['one that was ready by then', { id: 'a', end: 'terminated', status: 'ready' }, 'ready'],
    [
      'one under the id of another job',
      { id: 'a', end: 'terminated', status: 'ready', owner: 'b' },
      'cancelled',
    ],
    ['not one that told it itself', { id: 'a', end: 'failed', status: 'failed' }, undefined],
    ['not one that runs again', { id: 'a', status: 'processing' }, undefined],
  ])('tells the end of %s once', async (_, job, status) => {
    const { deps, told } = world([job], []);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    await sweeper.sweep(NOW + SECOND);
    expect(told).toEqual(status ? [['a', status]] : []);
  });

  it('tells an end again where it could not be told', async () => {
    const { deps, told } = world([{ id: 'a', end: 'terminated', status: 'cancelled' }], []);
    const sweeper = createSweeper(deps);
    const { notify } = deps.jobEndNotifier;
    deps.jobEndNotifier.notify = () => Promise.reject(new Error('away'));
    await expect(sweeper.sweep(NOW)).rejects.toThrow('away');
    deps.jobEndNotifier.notify = notify;
    await sweeper.sweep(NOW + SECOND);
    expect(told).toEqual([['a', 'cancelled']]);
  });

  it('drops what steps write that end after their job, and then looks no more', async () => {
    const { deps, kept } = world([{ id: 'a', end: 'terminated' }], ['a']);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    kept.add('a');
    await sweeper.sweep(NOW + 10 * SECOND);
    expect([...kept]).toEqual([]);
    kept.add('a');
    await sweeper.sweep(NOW + 20 * SECOND);
    expect([...kept]).toEqual(['a']);
  });

  it('looks some days back at first, minutes later, and again where a look failed', async () => {
    const { deps, looks } = world([], []);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    await sweeper.sweep(NOW + SECOND);
    deps.closedRuns.since = failing(looks);
    await expect(sweeper.sweep(NOW + 60 * SECOND)).rejects.toThrow('away');
    await expect(sweeper.sweep(NOW + 90 * SECOND)).rejects.toThrow('away');
    const minutes = looks.map((time) => (NOW - time) / (60 * SECOND));
    expect(minutes[0]).toBe(7 * 24 * 60);
    expect(minutes[1]).toBe(5);
    expect(minutes[2]).toBe(minutes[3]);
  });

  it('goes on when a server is away, until it is stopped', async () => {
    const { deps, looks } = world([], []);
    deps.closedRuns.since = failing(looks);
    const stop = new AbortController();
    const ended = sweepUntil(stop.signal, deps, 5000);
    await expect.poll(() => looks.length).toBe(1);
    stop.abort();
    await ended;
  });
});

function failing(looks: number[]) {
  // eslint-disable-next-line require-yield -- it fails before
  return async function* (time: Date): AsyncGenerator<never> {
    looks.push(time.getTime());
    await Promise.reject(new Error('away'));
  };
}
