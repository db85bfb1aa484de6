import { describe, expect, it } from 'vitest';
import { scenarioDocument } from '../../test/support/scenarios.js';
import type { StreamHeartbeat } from '../../domain/stream/scenario-contracts.js';
import type { RunFacts, WatchFacts } from './run-facts.js';
import { viewStream } from './stream-view.js';

const START = new Date(Date.UTC(2026, 0, 11, 12, 30));
const document = scenarioDocument({ run_id: 'first', created_at: START });
const { scenario_uuid } = document;

const beat: StreamHeartbeat = {
  ...{ state: 'live', since: '2026-01-11T12:31:00.000Z', message: 'The camera is live.' },
  ...{ frame_number: 12, fps: 2, lag_ms: 210, address: 'http://127.0.0.1:1' },
  frame_size: { width: 1920, height: 1080 },
};
const watch: WatchFacts = { isStarted: true, scheduledAt: START, failure: undefined, beat };

function runOf(fields: Partial<RunFacts> = {}): RunFacts {
  return {
    ...{ isOpen: true, firstRunId: 'first', startedAt: START, closedAt: undefined },
    ...{ desired: 'running', since: undefined, watch, fingerprint: undefined },
    ...fields,
  };
}
const view = (fields?: Partial<RunFacts>, found = document) =>
  viewStream({ scenario_uuid, document: found, run: runOf(fields) });

describe('viewStream', () => {
  it('shows the heartbeat of a camera that is watched', () => {
    expect(view()).toMatchObject({
      ...{ scenario_uuid, state: 'live', message: 'The camera is live.', frame_number: 12, fps: 2 },
      ...{ since: beat.since, lag_ms: 210, camera: 'rtsp://10.0.0.7', ended_at: null },
      frame_size: { width: 1920, height: 1080 },
      ...{ started_at: START.toISOString(), parameters: document.scenario },
    });
  });

  it('does not show the address of the worker', () => {
    expect(JSON.stringify(view())).not.toContain('127.0.0.1');
  });

  it.each<[string, Partial<RunFacts>, object]>([
    [
      'waiting for a slot, with the rows that it has',
      { watch: { ...watch, isStarted: false } },
      { state: 'waiting', frame_number: 12, fps: 0, lag_ms: null, since: START.toISOString() },
    ],
    [
      'waiting after a failure',
      { watch: { ...watch, isStarted: false, failure: 'The worker was lost.' } },
      { state: 'waiting', message: 'The worker was lost.' },
    ],
    ['connecting', { watch: { ...watch, beat: undefined } }, { state: 'connecting' }],
    [
      'paused',
      { watch: undefined, desired: 'paused', since: '2026-01-11T13:00:00.000Z' },
      { state: 'paused', since: '2026-01-11T13:00:00.000Z', ended_at: null },
    ],
    ['being stopped', { desired: 'stopped' }, { state: 'stopped', ended_at: null }],
    ['being started', { watch: undefined, desired: undefined }, { state: 'waiting' }],
  ])('shows a scenario that is %s', (_, fields, expected) => {
    expect(view(fields)).toMatchObject(expected);
  });

  it('shows how a scenario has ended', () => {
    const outcome = {
      ...({ scenario_uuid, state: 'ended', frames: 3, seen_s: 1.5, gaps: {} } as const),
      ...{ from: START.toISOString(), to: START.toISOString() },
    } as const;
    const end = { state: 'ended', ended_at: START, error: null, outcome } as const;
    expect(view({ isOpen: false, watch: undefined }, { ...document, end })).toMatchObject({
      ...{ state: 'ended', message: 'The file has ended.', outcome, ended_at: START.toISOString() },
    });
  });

  it('shows the reason of a rejected input, not the document of an earlier scenario', () => {
    const run = runOf({ isOpen: false, firstRunId: 'second', closedAt: START, watch: undefined });
    const failure = 'fps: expected number';
    expect(viewStream({ scenario_uuid, document, run, failure })).toMatchObject({
      ...{ state: 'stopped', message: failure, camera: null, parameters: null },
    });
  });

  it('shows a terminated scenario, and one that Temporal has forgotten', () => {
    const expected = {
      state: 'stopped',
      message: expect.stringContaining('terminated') as unknown,
    };
    expect(view({ isOpen: false, closedAt: START, watch: undefined })).toMatchObject(expected);
    const forgotten = viewStream({ scenario_uuid, document, run: undefined });
    expect(forgotten).toMatchObject({ ...expected, ended_at: START.toISOString() });
  });
});
