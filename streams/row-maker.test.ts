import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { StoredObject } from '../domain/result/detection.js';
import { createAccountant } from '../domain/stream/account.js';
import { isGap } from '../domain/stream/entry.js';
import { causeOf } from '../domain/stream/gap.js';
import { createLedger } from '../domain/stream/ledger.js';
import type { NumberedStretch } from '../domain/stream/log/segment.js';
import { localModel } from '../test/support/lane-jobs.js';
import { LOG_UUID } from '../test/support/log-entries.js';
import { frameNotice } from '../test/support/stream-frames.js';
import type { StreamJob } from './lane-job.js';
import { createLaneTurns } from './lane-turns.js';
import type { FrameNotice, StateNotice } from './protocol.js';
import { createRowMaker } from './row-maker.js';

const PARAMETERS = { conf: 0.25, iou: 0.45, max_det: 300, classes: undefined };
const CAR: StoredObject = { class: 'car', box: [1, 2, 3, 4], conf: 0.5 };
const LIVE = (at: number): StateNotice => ({ at, state: 'live', cause: causeOf('camera_silent') });
const AWAY = (at: number): StateNotice => ({
  ...{ at, state: 'unreachable', cause: causeOf('camera_unreachable') },
});

/** A row maker whose lane answers when the test says so. */
function setUp() {
  const stretches: NumberedStretch[] = [];
  const freed: number[] = [];
  const jobs: (StreamJob & PromiseWithResolvers<StoredObject[]>)[] = [];
  const failures: AppError[] = [];
  let [isFull, isTracked] = [false, false];
  const rows = createRowMaker({
    ...{ ledger: createLedger(LOG_UUID, { next: 1, accountedTo: 0 }), cause: causeOf('starting') },
    ...{ model: localModel('m'), parameters: PARAMETERS, turns: createLaneTurns(1) },
    detect: (job) => {
      const answer = { ...job, ...Promise.withResolvers<StoredObject[]>() };
      jobs.push(answer);
      return answer.promise;
    },
    ...{ isTracked: () => isTracked, isFull: () => isFull },
    onStretch: (stretch) => stretches.push(stretch),
    onFailed: (error) => failures.push(error),
    ...{ onState: () => undefined, onRow: () => undefined, onReplaced: () => undefined },
  });
  const owner = { pathOf: (slot: number) => `/${slot}`, free: (slot: number) => freed.push(slot) };
  return {
    ...{ rows, jobs, freed, failures, stretches },
    add: (arrival: number, fields: Partial<FrameNotice> = {}) =>
      rows.addFrame(frameNotice(arrival, fields), owner),
    fill: (full: boolean) => (isFull = full),
    track: () => (isTracked = true),
    answer: async (index: number, objects: StoredObject[] = [CAR]) => {
      jobs[index]!.resolve(objects);
      await new Promise((done) => setImmediate(done));
    },
    /** Entries as text; fails if they do not account for all time. */
    texts: () => {
      const accountant = createAccountant();
      for (const stretch of stretches) accountant.add(stretch);
      expect(accountant.finish()?.problems ?? []).toEqual([]);
      return stretches.flatMap(({ entries }) =>
        entries.map((entry) =>
          isGap(entry)
            ? `${entry.gap.reason} to ${Date.parse(entry.gap.to)}`
            : `${entry.frame_number} at ${Date.parse(entry.timestamp)}: ${entry.detections.length}`,
        ),
      );
    },
  };
}

describe('a row maker', () => {
  it('makes a row of each frame, with the objects of the lane', async () => {
    const { rows, add, answer, texts, jobs, freed, stretches } = setUp();
    rows.addState(LIVE(0));
    add(100);
    add(600, { slot: 1 });
    expect(jobs).toMatchObject([{ path: '/0', parameters: PARAMETERS }]);
    await answer(0);
    await answer(1, []);
    expect(texts()).toEqual(['1 at 100: 1', '2 at 600: 0']);
    expect(freed).toEqual([0, 1]);
    expect(stretches[0]!.entries[0]).toMatchObject({
      detections: [{ class: 'car', confidence: 0.5, bbox: [1, 2, 3, 4] }],
      details: { still: false, damaged: false, model: { name: 'm' } },
    });
  });

  it('adds the size of the frame to a row whose objects are followed', async () => {
    const { add, answer, track, stretches } = setUp();
    add(100);
    await answer(0);
    track();
    add(600, { size: { width: 64, height: 48 } });
    await answer(1);
    const rows = stretches.flatMap(({ entries }) => entries).filter((entry) => !isGap(entry));
    expect(rows[0]).not.toHaveProperty('tracks');
    expect(rows[1]).toHaveProperty('tracks', { size: { width: 64, height: 48 } });
  });

  it('accounts for a frame that a newer one replaced', async () => {
    const { rows, add, answer, texts } = setUp();
    rows.addState(LIVE(0));
    add(100);
    add(600, { slot: 1 });
    add(1100, { slot: 2 });
    await answer(0);
    await answer(1);
    expect(texts()).toEqual(['1 at 100: 1', 'overload to 1000', '2 at 1100: 1']);
  });

  it('reuses the objects of a scene without a lane', async () => {
    const { rows, add, answer, texts, jobs, stretches } = setUp();
    rows.addState(LIVE(0));
    add(100);
    await answer(0);
    add(600, { scene: 100, slot: 1 });
    add(1100, { scene: 100, slot: undefined });
    expect(jobs).toHaveLength(1);
    expect(texts()).toEqual(['1 at 100: 1', '2 at 600: 1', '3 at 1100: 1']);
    expect(stretches[2]!.entries[0]).toHaveProperty('details.still', true);
  });

  it('detects a still frame whose scene was not detected with the present parameters', async () => {
    const { rows, add, answer, texts, jobs } = setUp();
    rows.addState(LIVE(0));
    add(100);
    await answer(0);
    rows.configure({ model: localModel('m'), parameters: { ...PARAMETERS, conf: 0.9 } });
    add(600, { scene: 100 });
    expect(jobs[1]).toHaveProperty('parameters.conf', 0.9);
    await answer(1, []);
    add(1100, { scene: 100 });
    expect(texts()).toEqual(['1 at 100: 1', '2 at 600: 0', '3 at 1100: 0']);
  });

  it('accounts for the slot of a frame on which the model fails', async () => {
    const { rows, add, answer, texts, jobs, freed } = setUp();
    rows.addState(LIVE(0));
    add(100);
    jobs[0]!.reject(new AppError('LANE_LOST', 'lost'));
    await new Promise((done) => setImmediate(done));
    add(600);
    await answer(1);
    expect(texts()).toEqual(['undecodable to 500', '1 at 600: 1']);
    expect(freed).toEqual([0, 0]);
  });

  it('reports a wrong input', async () => {
    const { add, jobs, failures } = setUp();
    add(100);
    jobs[0]!.reject(new AppError('INVALID_INPUT', 'no class "cat"'));
    await new Promise((done) => setImmediate(done));
    expect(failures).toMatchObject([{ code: 'INVALID_INPUT' }]);
  });

  it('divides an absence by its causes, and accounts for it while it lasts', async () => {
    const { rows, add, answer, texts } = setUp();
    rows.addState({ at: 200, state: 'connecting', cause: causeOf('connecting') });
    rows.addState(AWAY(300));
    rows.addTime(9000);
    rows.addTime(10_400);
    rows.addState(LIVE(21_500));
    add(21_600);
    await answer(0);
    expect(texts()).toEqual([
      ...['starting to 200', 'connecting to 300', 'camera_unreachable to 10400'],
      ...['camera_unreachable to 21500', '1 at 21600: 1'],
    ]);
  });

  it('keeps the order of frames and states', async () => {
    const { rows, add, answer, texts } = setUp();
    rows.addState(LIVE(0));
    add(100);
    add(600);
    rows.addState(AWAY(700));
    rows.addState(LIVE(1700));
    add(1800);
    await answer(0);
    await answer(1);
    await answer(2);
    expect(texts()).toEqual([
      ...['1 at 100: 1', '2 at 600: 1'],
      ...['camera_unreachable to 1700', '3 at 1800: 1'],
    ]);
  });

  it('accounts by one gap for frames that the full journal cannot take', async () => {
    const { rows, add, answer, texts, fill, freed } = setUp();
    rows.addState(LIVE(0));
    fill(true);
    add(100);
    add(600);
    fill(false);
    add(1100);
    await answer(0);
    expect(texts()).toEqual(['store_full to 1000', '1 at 1100: 1']);
    expect(freed).toHaveLength(3);
  });

  it('finishes with all frames that wait, and the time until then', async () => {
    const { rows, add, answer, texts } = setUp();
    rows.addState(LIVE(0));
    add(100);
    let isSettled = false;
    const settled = rows.settled().then(() => (isSettled = true));
    await new Promise((done) => setImmediate(done));
    expect(isSettled).toBe(false);
    await answer(0);
    await settled;
    rows.finish(2300, causeOf('paused'));
    expect(texts()).toEqual(['1 at 100: 1', 'paused to 2300']);
  });
});
