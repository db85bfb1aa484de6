import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { experimentOf } from '../../test/support/experiments.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createMemoryExperiments } from '../../test/support/memory-experiments.js';
import { AppError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment/experiment.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import type { ExperimentStore } from '../../domain/ports/experiment-store.js';
import { createExperimentWatch, type ExperimentWatch } from './experiment-watch.js';
import { armHeader, takePart } from './take-part.js';

const [champion, challenger] = [localModel('fish', 3), localModel('fish', 4)];

function experiment(mode: 'shadow' | 'split', share = 0.5): Experiment {
  const { arms, ...fields } = experimentOf(mode, { share });
  return {
    ...fields,
    arms: {
      champion: { ...arms.champion, model: modelRefOf(champion.manifest) },
      challenger: { ...arms.challenger, model: modelRefOf(challenger.manifest) },
    },
  };
}

let experiments: ExperimentStore;
let fetched: number[];
let isAway: boolean;
beforeEach(() => {
  [fetched, isAway] = [[], false];
});

function watch(running: Experiment, lanes = 2): ExperimentWatch {
  experiments = createMemoryExperiments([running]);
  const files = {
    fetch: ({ version }: { readonly version: number }) => {
      fetched.push(version);
      return Promise.resolve(localModel('fish', version));
    },
  };
  const logger = pino({ enabled: false });
  const away = () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'));
  const listRunning = () => (isAway ? away() : experiments.listRunning());
  return createExperimentWatch({ experiments: { listRunning }, files, lanes, logger });
}

describe('the running experiments', () => {
  it('are found by their champion, while it is the model in use', async () => {
    const watched = watch(experiment('shadow'));
    await watched.refresh();
    await watched.refresh();
    expect(watched.find(champion)).toMatchObject({ challenger: { manifest: { version: 4 } } });
    expect(watched.find(challenger)).toBeUndefined();
    expect(watched.find(localModel('cat', 3))).toBeUndefined();
    expect(watched.hasShadow).toBe(true);
    expect(fetched).toEqual([4]);
  });

  it('end within a refresh, and stay while the store does not answer', async () => {
    const running = experiment('split');
    const watched = watch(running);
    await watched.refresh();
    isAway = true;
    await watched.refresh();
    expect(watched.find(champion)?.experiment).toEqual(running);
    isAway = false;
    const end = { status: 'stopped', ended_at: new Date(), decision: null } as const;
    await experiments.end(running.experiment_id, ['running'], end);
    await watched.refresh();
    expect(watched.find(champion)).toBeUndefined();
  });

  it('leave out a split on an API with one lane', async () => {
    const split = watch(experiment('split'), 1);
    await split.refresh();
    expect(split.find(champion)).toBeUndefined();
    const shadow = watch(experiment('shadow'), 1);
    await shadow.refresh();
    expect(shadow.find(champion)).toBeDefined();
  });
});

describe('a prediction in an experiment', () => {
  const facts = { subject: 'user-1', apiKey: undefined, image: 'a' };

  it('of a split is answered by the arm of its key, whatever the image', () => {
    const active = { experiment: experiment('split', 1), challenger };
    const part = takePart(active, champion, facts);
    expect(part).toMatchObject({ arm: 'challenger', model: challenger, isShadowed: false });
    expect(part.fields.subject).toMatch(/^[0-9a-f]{64}$/);
    expect(takePart(active, champion, { ...facts, image: 'b' }).fields).toEqual(part.fields);
    expect(armHeader(part)).toBe('arm=challenger, experiment="fish-0123456789ab", model="fish@4"');
  });

  it('in the shadow is answered by the champion', () => {
    const part = takePart({ experiment: experiment('shadow', 1), challenger }, champion, facts);
    expect(part).toMatchObject({ arm: 'champion', model: champion, isShadowed: true });
    expect(part.fields).toEqual({ experiment: { id: 'fish-0123456789ab', arm: 'champion' } });
  });
});
