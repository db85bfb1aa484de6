import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import type { EventDocument } from '../../domain/job/event.js';
import type { RunEnd } from '../../domain/job/job-end.js';
import { isClosed, type JobStatus } from '../../domain/job/job-status.js';
import type { UnreportedJobEnd } from '../../domain/ports/runs.js';
import { createSweeper, sweepUntil } from './sweeper.js';

const SECOND = 1000;
const NOW = Date.UTC(2026, 0, 1);

interface Job {
  readonly id: string;
  /** Undefined while a run of the job is running. */
  readonly end?: RunEnd['kind'];
  readonly status?: JobStatus;
  /** First run of the job that the event belongs to; default: of this job. */
  readonly owner?: string;
}

/** Creates jobs with a closed run each, their events, and the files of this host. */
function createWorld(jobs: readonly Job[], files: readonly string[]) {
  const events = new Map(
    jobs
      .filter(({ status }) => status)
      .map(({ id, status, owner = id }) => [
        id,
        { event_id: id, status, run_id: owner, created_at: new Date(NOW - 90 * SECOND) },
      ]),
  );
  const kept = new Set(files);
  const sweptFrom: number[] = [];
  const notified: [string, JobStatus][] = [];
  const counted: [JobStatus, number][] = [];
  const deps = {
    logger: pino({ level: 'silent' }),
    closedRuns: {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port's is asynchronous
      since: async function* (time: Date) {
        sweptFrom.push(time.getTime());
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
    jobMeter: {
      closed: (status: JobStatus, seconds: number) => void counted.push([status, seconds]),
    },
    jobEndNotifier: {
      notify: ({ workflowId, status }: UnreportedJobEnd) => {
        notified.push([workflowId, status]);
        return Promise.resolve(true);
      },
    },
    documents: {
      findEvent: (id: string) => Promise.resolve(events.get(id) as EventDocument | undefined),
      findStatuses: (ids: readonly string[]) => {
        const found = ids.flatMap((id) => events.get(id) ?? []);
        return Promise.resolve(new Map(found.map(({ event_id, status }) => [event_id, status!])));
      },
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
  return { deps, events, kept, sweptFrom, notified, counted };
}

describe('sweep', () => {
  it.each<[string, Job, JobStatus | undefined, boolean]>([
    [
      'cancels a terminated job',
      { id: 'a', end: 'terminated', status: 'processing' },
      'cancelled',
      false,
    ],
    [
      'fails a job that timed out',
      { id: 'a', end: 'timed_out', status: 'predictable' },
      'failed',
      false,
    ],
    [
      'fails a job whose end was not written',
      { id: 'a', end: 'failed', status: 'processing' },
      'failed',
      false,
    ],
    ['leaves a job that runs again', { id: 'a', status: 'processing' }, 'processing', true],
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
    const { deps, events, kept } = createWorld([job], ['a', 'other']);
    events.set('other', {
      ...{ event_id: 'other', status: 'processing', run_id: 'other' },
      created_at: new Date(NOW),
    });
    await createSweeper(deps).sweep(NOW);
    expect(events.get('a')?.status).toBe(status);
    expect([...kept].sort()).toEqual(keepsFiles ? ['a', 'other'] : ['other']);
  });

  it('counts the jobs that it closes once, with their length', async () => {
    const { deps, counted } = createWorld(
      [
        { id: 'a', end: 'terminated', status: 'processing' },
        { id: 'b', end: 'terminated', status: 'ready' },
      ],
      [],
    );
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    await sweeper.sweep(NOW + SECOND);
    expect(counted).toEqual([['cancelled', 90]]);
  });

  it.each<[string, Job, JobStatus | undefined]>([
    ['a terminated job', { id: 'a', end: 'terminated', status: 'processing' }, 'cancelled'],
    ['a job that timed out', { id: 'a', end: 'timed_out', status: 'processing' }, 'failed'],
    ['a job without an event', { id: 'a', end: 'terminated' }, 'cancelled'],
    ['a job that was already ready', { id: 'a', end: 'terminated', status: 'ready' }, 'ready'],
    [
      'a job with the event id of another job',
      { id: 'a', end: 'terminated', status: 'ready', owner: 'b' },
      'cancelled',
    ],
    ['no job that sent it itself', { id: 'a', end: 'failed', status: 'failed' }, undefined],
    ['no job that runs again', { id: 'a', status: 'processing' }, undefined],
  ])('starts the webhook of %s once', async (_, job, status) => {
    const { deps, notified } = createWorld([job], []);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    await sweeper.sweep(NOW + SECOND);
    expect(notified).toEqual(status ? [['a', status]] : []);
  });

  it('starts a webhook again if that failed', async () => {
    const { deps, notified } = createWorld(
      [{ id: 'a', end: 'terminated', status: 'cancelled' }],
      [],
    );
    const sweeper = createSweeper(deps);
    const { notify } = deps.jobEndNotifier;
    deps.jobEndNotifier.notify = () => Promise.reject(new Error('unavailable'));
    await expect(sweeper.sweep(NOW)).rejects.toThrow('unavailable');
    deps.jobEndNotifier.notify = notify;
    await sweeper.sweep(NOW + SECOND);
    expect(notified).toEqual([['a', 'cancelled']]);
  });

  it.each([
    ['its id is invalid', new AppError('INVALID_INPUT', 'Expected an event_id'), true],
    ['its files cannot be removed', new Error('EBUSY'), false],
  ])('sweeps the other jobs if that of one fails because %s', async (_, error, isOver) => {
    const jobs = [
      { id: 'bad', end: 'terminated', status: 'processing' },
      { id: 'good', end: 'terminated', status: 'processing' },
    ] as const;
    const { deps, events, kept, sweptFrom } = createWorld(jobs, ['bad', 'good']);
    const { dropEvent } = deps.scratch;
    deps.scratch.dropEvent = (id) => (id === 'bad' ? Promise.reject(error) : dropEvent(id));
    const sweeper = createSweeper(deps);
    const swept = sweeper.sweep(NOW);
    await (isOver ? swept : expect(swept).rejects.toThrow('EBUSY'));
    expect(events.get('good')?.status).toBe('cancelled');
    expect([...kept]).toEqual(['bad']);
    await sweeper.sweep(NOW + SECOND).catch(() => undefined);
    // The next sweep starts later only if nothing is left to be tried again.
    expect(sweptFrom[1]! - sweptFrom[0]! > SECOND).toBe(isOver);
  });

  it('removes files that activities write after the end of their job, for a while', async () => {
    const job = { id: 'a', end: 'terminated', status: 'cancelled' } as const;
    const { deps, kept } = createWorld([job], ['a']);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    kept.add('a');
    await sweeper.sweep(NOW + 10 * SECOND);
    expect([...kept]).toEqual([]);
    kept.add('a');
    await sweeper.sweep(NOW + 20 * SECOND);
    expect([...kept]).toEqual(['a']);
  });

  it('removes the files of jobs without an event, whenever they were written', async () => {
    const job = { id: 'kept', status: 'processing' } as const;
    const { deps, kept } = createWorld([job], ['deleted', 'kept', '.not-an-id']);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    expect([...kept]).toEqual(['kept', '.not-an-id']);
    kept.add('deleted');
    await sweeper.sweep(NOW + 60 * SECOND);
    expect([...kept]).toEqual(['kept', '.not-an-id']);
  });

  it('sweeps on if the files of a deleted job cannot be removed', async () => {
    const job = { id: 'a', end: 'terminated', status: 'processing' } as const;
    const { deps, events, kept } = createWorld([job], ['busy', 'deleted']);
    const { dropEvent } = deps.scratch;
    deps.scratch.dropEvent = (id) =>
      id === 'busy' ? Promise.reject(new Error('EBUSY')) : dropEvent(id);
    await createSweeper(deps).sweep(NOW);
    expect([...kept]).toEqual(['busy']);
    expect(events.get('a')?.status).toBe('cancelled');
  });

  it('reads 7 days at first, then minutes, and the same time again after a failure', async () => {
    const { deps, sweptFrom } = createWorld([], []);
    const sweeper = createSweeper(deps);
    await sweeper.sweep(NOW);
    await sweeper.sweep(NOW + SECOND);
    deps.closedRuns.since = failing(sweptFrom);
    await expect(sweeper.sweep(NOW + 60 * SECOND)).rejects.toThrow('unavailable');
    await expect(sweeper.sweep(NOW + 90 * SECOND)).rejects.toThrow('unavailable');
    const minutes = sweptFrom.map((time) => (NOW - time) / (60 * SECOND));
    expect(minutes[0]).toBe(7 * 24 * 60);
    expect(minutes[1]).toBe(5);
    expect(minutes[2]).toBe(minutes[3]);
  });

  it('continues while a server is unavailable, until it is stopped', async () => {
    const { deps, sweptFrom } = createWorld([], []);
    deps.closedRuns.since = failing(sweptFrom);
    const stop = new AbortController();
    const ended = sweepUntil(stop.signal, deps, 5000);
    await expect.poll(() => sweptFrom.length).toBe(1);
    stop.abort();
    await ended;
  });
});

function failing(sweptFrom: number[]) {
  // eslint-disable-next-line require-yield -- it always fails
  return async function* (time: Date): AsyncGenerator<never> {
    sweptFrom.push(time.getTime());
    await Promise.reject(new Error('unavailable'));
  };
}
