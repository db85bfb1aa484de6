import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { auditedPrediction, experimentOf } from '../../test/support/experiments.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createExperiments, type Experiments } from './experiments.js';

/** Versions of the model that exist, by their task. */
const VERSIONS: Readonly<Record<number, ModelManifest['task']>> = {
  ...{ 3: 'classify', 4: 'classify', 5: 'detect', 6: 'classify' },
};
const BROKEN = 6;

let documents: DocumentStore;
let promoted: string[];
beforeEach(() => {
  documents = createMemoryDocumentStore();
  promoted = [];
});

function manifestOf(spec: string | undefined): ModelManifest {
  const [name = '', selector = '3'] = (spec ?? 'fish@3').split('@');
  const version = selector === 'champion' ? 3 : Number(selector);
  const task = VERSIONS[version];
  if (name !== 'fish' || !task) throw new AppError('MODEL_NOT_FOUND', `No model ${spec}.`);
  return { ...localModel(name, version).manifest, task };
}

type Deps = Parameters<typeof createExperiments>[0];

const depsOf = (fields: Partial<Deps> = {}): Deps => ({
  ...{ documents, imageLanes: 2 },
  models: {
    resolve: (spec) => Promise.resolve().then(() => manifestOf(spec)),
    verify: () => Promise.resolve(),
  },
  checkModel: async ({ version }) => {
    await Promise.resolve();
    if (version === BROKEN) throw new AppError('MODEL_INVALID', 'It crashed.');
  },
  promote: (name, { version, by, reason = '' }) => {
    promoted.push(`${name}@${version} ${by} ${reason}`);
    const change = { action: 'promote', at: '', previous: null, sha256: '' } as const;
    return Promise.resolve({ ...change, name, alias: 'champion', version, by, reason });
  },
  ...fields,
});

const client = (fields: Partial<Deps> = {}): Experiments =>
  createExperiments(depsOf({ servedModel: { spec: undefined }, ...fields }));

describe('start', () => {
  it('compares a version with the one in use, in the shadow on all images', async () => {
    const started = await client().start({ model: 'fish', challenger: 4 }, 'anna');
    expect(started).toMatchObject({
      ...{ serves: 'fish', mode: 'shadow', key: 'header', status: 'running', by: 'anna' },
      arms: {
        champion: { model: { name: 'fish', version: 3 }, share: 1 },
        challenger: { model: { name: 'fish', version: 4 }, share: 1 },
      },
    });
    expect(started.experiment_id).toMatch(/^fish-[0-9a-f]{12}$/);
    const { report, ...stored } = await client().get(started.experiment_id);
    expect(stored).toEqual(started);
    expect(report.evidence).toMatchObject({ ratio: 1, decided: false });
  });

  it('gives the challenger of a split a tenth of the requests', async () => {
    const request = { model: 'fish', challenger: 4, mode: 'split' } as const;
    const { arms } = await client().start(request, 'anna');
    expect([arms.champion.share, arms.challenger.share]).toEqual([0.9, 0.1]);
  });

  it('takes the champion alias if the model in use is unknown', async () => {
    const experiments = createExperiments(depsOf());
    const started = await experiments.start({ model: 'fish', challenger: 4 }, 'anna');
    expect(started.arms.champion.model.version).toBe(3);
  });

  it.each([
    ['a split on one lane', { challenger: 4, mode: 'split' }, 'TOO_FEW_LANES', 'needs 2 lanes'],
    ['the version in use', { challenger: 3 }, 'INVALID_INPUT', 'is the one in use'],
    ['another champion', { challenger: 4, champion: 4 }, 'INVALID_INPUT', 'fish@3'],
    ['a detector', { challenger: 5 }, 'INVALID_INPUT', 'finds objects'],
    ['a challenger that cannot run', { challenger: BROKEN }, 'MODEL_INVALID', 'crashed'],
    ['an unknown version', { challenger: 9 }, 'MODEL_NOT_FOUND', 'fish@9'],
    ['another model', { model: 'cat', challenger: 4 }, 'INVALID_INPUT', 'VIDETTE_CLASSIFIER'],
    ['a share of 0', { challenger: 4, share: 0 }, 'INVALID_INPUT', 'share'],
    ['an unknown field', { challenger: 4, arm: 1 }, 'INVALID_INPUT', 'arm'],
  ] as const)('rejects %s', async (_name, request, code, message) => {
    const lanes = code === 'TOO_FEW_LANES' ? 1 : 2;
    const started = client({ imageLanes: lanes }).start({ model: 'fish', ...request }, 'anna');
    await expect(started).rejects.toMatchObject({ code });
    await expect(started).rejects.toThrow(message);
  });

  it('rejects a second experiment of a model until the first one has ended', async () => {
    const experiments = client();
    const { experiment_id: id } = await experiments.start({ model: 'fish', challenger: 4 }, 'anna');
    const again = () => experiments.start({ model: 'fish', challenger: 4 }, 'anna');
    await expect(again()).rejects.toMatchObject({ code: 'EXPERIMENT_RUNNING' });
    await experiments.stop(id);
    expect((await again()).status).toBe('running');
    expect((await experiments.list({ limit: 1 })).next).not.toBeNull();
  });
});

describe('the end of an experiment', () => {
  const id = 'fish-0123456789ab';
  beforeEach(() => {
    const wins = Array.from({ length: 9 }, (_, i) => auditedPrediction(20 - i, { label: 'eel' }));
    documents = createMemoryDocumentStore({
      experiments: [experimentOf('shadow')],
      imagePredictions: wins,
    });
    return Promise.all(
      wins.map(({ prediction_id }) =>
        documents.experiments.addShadow({
          ...{ prediction_id, experiment_id: id, predicted_class: 'eel', confidence: 0.9 },
          ...{
            inference_s: 0.02,
            time: new Date(),
            model: experimentOf('shadow').arms.challenger.model,
          },
        }),
      ),
    );
  });

  it('by promotion moves the champion, and stores the decision with the evidence', async () => {
    const choice = { promote: true, by: 'anna', reason: 'fewer misses' };
    const decided = await client().decide(id, choice);
    expect(promoted).toEqual([`fish@4 anna experiment ${id}: fewer misses`]);
    expect(decided).toMatchObject({ status: 'decided', decision: { promote: true, by: 'anna' } });
    // 2^9 9! / 10!
    expect(decided.decision?.evidence).toBeCloseTo(51.2, 8);
    expect(decided.report.arms.challenger).toMatchObject({
      ...{ labelled: 9, right: 9, inference_s: { median: 0.02, p95: 0.02 } },
    });
    expect(await client().decide(id, choice)).toMatchObject({ status: 'decided' });
    expect(promoted).toHaveLength(1);
    const other = client().decide(id, { ...choice, promote: false });
    await expect(other).rejects.toMatchObject({ code: 'EXPERIMENT_ENDED' });
    await expect(client().stop(id)).rejects.toThrow('the challenger was promoted');
  });

  it('can be decided after a stop, without promotion', async () => {
    const stopped = await client().stop(id);
    expect(stopped.status).toBe('stopped');
    expect(await client().stop(id)).toMatchObject({ status: 'stopped' });
    const choice = { promote: false, by: 'anna', reason: 'no gain' };
    const decided = await client().decide(id, choice);
    expect(decided).toMatchObject({ status: 'decided', ended_at: stopped.ended_at });
    expect(promoted).toEqual([]);
  });

  it('rejects an unknown experiment and a decision without a reason', async () => {
    await expect(client().get('fish-x')).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND' });
    await expect(client().stop('fish-x')).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND' });
    const decided = client().decide(id, { promote: true, by: 'anna', reason: ' ' });
    await expect(decided).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('the disagreements of a shadow experiment', () => {
  const id = 'fish-0123456789ab';
  const idOf = (number: number) => auditedPrediction(number).prediction_id;

  beforeEach(async () => {
    const predictions = [
      ...[5, 4, 3].map((number) => auditedPrediction(number)),
      auditedPrediction(2, { label: 'eel' }),
      auditedPrediction(1, { audit: undefined }),
    ];
    documents = createMemoryDocumentStore({
      experiments: [experimentOf('shadow')],
      imagePredictions: predictions,
    });
    const { model } = experimentOf('shadow').arms.challenger;
    const answers = { ...{ 5: 'eel', 4: 'cod', 3: null }, ...{ 2: 'eel', 1: 'eel' } };
    for (const [number, predicted_class] of Object.entries(answers)) {
      await documents.experiments.addShadow({
        ...{ prediction_id: idOf(Number(number)), experiment_id: id, predicted_class, model },
        ...{ confidence: 0.9, inference_s: 0.02, time: new Date() },
      });
    }
  });

  it('are images of the audit sample without a label, page by page', async () => {
    const first = await client().disagreements(id, { limit: 1 });
    expect(first.predictions.map(({ prediction_id }) => prediction_id)).toEqual([idOf(5)]);
    const second = await client().disagreements(id, { cursor: first.next! });
    expect(second.predictions.map(({ prediction_id }) => prediction_id)).toEqual([idOf(3)]);
    expect(second.next).toBeNull();
    const { labels } = (await client().get(id)).report;
    expect(labels).toEqual({
      agree: { images: 1, labelled: 0 },
      differ: { images: 3, labelled: 1 },
    });
  });

  it('leave out erased images', async () => {
    await documents.keptImages.use(auditedPrediction(5).picture!.sha256, new Date());
    await documents.keptImages.erase(auditedPrediction(5).picture!.sha256, new Date());
    const { predictions } = await client().disagreements(id);
    expect(predictions.map(({ prediction_id }) => prediction_id)).toEqual([idOf(3)]);
  });

  it('are rejected for a split, and for an unknown experiment', async () => {
    documents = createMemoryDocumentStore({ experiments: [experimentOf('split')] });
    await expect(client().disagreements(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const unknown = client().disagreements('fish-x');
    await expect(unknown).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND' });
  });
});
