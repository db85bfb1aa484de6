import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { experimentOf } from '../../test/support/experiments.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createMemoryExperiments } from '../../test/support/memory-experiments.js';
import { AppError } from '../../domain/errors.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import type { ImageResult } from '../images/image-job.js';
import { createPendingCounts, type PendingCounts } from './pending-counts.js';
import { createShadowQueue, type ShadowQueue } from './shadow-queue.js';

const QUEUE_MAX = 64;
const experiment = experimentOf('shadow');
const challenger = localModel('fish', 4);
const [label = ''] = challenger.manifest.labels;
const logger = pino({ enabled: false });

let experiments: ExperimentStore;
let counts: PendingCounts;
let queue: ShadowQueue;
let outcomes: string[];
let released: string[];
/** Ends the run of the challenger on the image in its lane. */
let finish: (answer: Promise<ImageResult>) => void;
let started: number;

const found = (conf: number): ImageResult => ({
  ...{ size: { width: 1, height: 1 }, inferenceS: 0.25, made: [] },
  found: { kind: 'objects', objects: [{ class: label, box: [0, 0, 1, 1], conf }] },
});

beforeEach(async () => {
  experiments = createMemoryExperiments([experiment]);
  counts = createPendingCounts({ experiments, logger });
  [outcomes, released, started] = [[], [], 0];
  queue = createShadowQueue({
    ...{ experiments, logger, count: (id, counted) => counts.add(id, counted) },
    metrics: { shadowed: (_model, outcome) => outcomes.push(outcome) },
    lane: {
      predict: (_job, signal) => {
        started += 1;
        return new Promise((resolve, reject) => {
          finish = (answer) => void answer.then(resolve, reject);
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      },
      end: () => Promise.resolve(),
    },
  });
  await Promise.resolve();
});

const add = (id: string, predicted_class: string | null = label) =>
  queue.add({
    ...{ active: { experiment, challenger }, prediction_id: id, predicted_class },
    job: { path: id, isFrame: false, maxPixels: 1, options: {} as never },
    release: () => released.push(id),
  });
const end = async (answer: Promise<ImageResult>, count: number) => {
  finish(answer);
  await expect.poll(() => released.length).toBe(count);
};

describe('the queue of challengers', () => {
  it('runs one image at a time, and stores the answer beside that of the champion', async () => {
    add('a');
    add('b', 'other');
    expect(started).toBe(1);
    await end(Promise.resolve(found(0.5)), 1);
    await expect.poll(() => started).toBe(2);
    await end(Promise.resolve(found(0.75)), 2);
    expect(outcomes).toEqual(['agree', 'disagree']);
    expect(await experiments.findShadows(['a', 'b'])).toMatchObject([
      { prediction_id: 'a', predicted_class: label, confidence: 0.5, inference_s: 0.25 },
      { prediction_id: 'b', confidence: 0.75, model: { name: 'fish', version: 4 } },
    ]);
    await counts.store();
    expect((await experiments.find(experiment.experiment_id))?.counts).toMatchObject({
      ...{ predictions: { champion: 0, challenger: 2 }, agreed: 1, differed: 1 },
    });
  });

  it('stores that a challenger failed, and continues with the next image', async () => {
    add('a');
    add('b');
    await end(Promise.reject(new AppError('LANE_LOST', 'It crashed.')), 1);
    await expect.poll(() => started).toBe(2);
    await end(Promise.resolve(found(0.5)), 2);
    expect(outcomes).toEqual(['failed', 'agree']);
    const [failed] = await experiments.findShadows(['a']);
    expect(failed).toMatchObject({ predicted_class: null, confidence: 0, inference_s: 0 });
    await counts.store();
    expect((await experiments.find(experiment.experiment_id))?.counts.errors).toEqual({
      ...{ champion: 0, challenger: 1 },
    });
  });

  it('drops and counts the images above its limit, without keeping their files', async () => {
    for (let i = 0; i <= QUEUE_MAX + 2; i++) add(String(i));
    expect(outcomes).toEqual(['dropped', 'dropped']);
    expect(released).toEqual([String(QUEUE_MAX + 1), String(QUEUE_MAX + 2)]);
    await counts.store();
    expect((await experiments.find(experiment.experiment_id))?.counts.dropped).toBe(2);
  });

  it('continues if an answer cannot be stored', async () => {
    experiments.addShadow = () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'));
    add('a');
    add('b');
    await end(Promise.resolve(found(0.5)), 1);
    await expect.poll(() => started).toBe(2);
  });

  it('stores nothing of the images in it when it is closed, and releases their files', async () => {
    add('a');
    add('b');
    await queue.close();
    expect(released.toSorted()).toEqual(['a', 'b']);
    expect(await experiments.findShadows(['a', 'b'])).toEqual([]);
    expect(outcomes).toEqual([]);
  });
});

describe('counts that cannot be stored', () => {
  it('are kept and added up', async () => {
    const store = createMemoryExperiments([experiment]);
    let isAway = true;
    const away = () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'));
    counts = createPendingCounts({
      logger,
      experiments: { count: (id, added) => (isAway ? away() : store.count(id, added)) },
    });
    counts.add(experiment.experiment_id, { kind: 'predictions', arm: 'champion' });
    await counts.store();
    counts.add(experiment.experiment_id, { kind: 'predictions', arm: 'champion' });
    isAway = false;
    await counts.store();
    await counts.store();
    expect((await store.find(experiment.experiment_id))?.counts.predictions).toEqual({
      ...{ champion: 2, challenger: 0 },
    });
  });
});
