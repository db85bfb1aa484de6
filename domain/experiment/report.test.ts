import { describe, expect, it } from 'vitest';
import { auditedPrediction, experimentOf } from '../../test/support/experiments.js';
import { createUniform } from '../../bench/uniform.js';
import type { LoggedPrediction } from '../result/prediction-log.js';
import type { Experiment } from './experiment.js';
import { type ReportFacts, reportExperiment } from './report.js';

const report = (experiment: Experiment, facts: Partial<ReportFacts> = {}) =>
  reportExperiment({
    ...{ experiment, audited: [], shadows: new Map(), keys: { champion: 0, challenger: 0 } },
    seconds: { champion: [], challenger: [] },
    ...facts,
  });

/** Prediction with the answers of both arms. */
interface Pair {
  readonly number: number;
  readonly champion: string;
  readonly challenger: string | null;
  readonly label?: string | undefined;
  readonly audit?: true | undefined;
}

function factsOf(pairs: readonly Pair[]): Pick<ReportFacts, 'audited' | 'shadows'> {
  const audited = pairs.map(({ number, champion, label, ...rest }) => {
    const { audit, ...prediction } = auditedPrediction(number, {
      predicted_class: champion,
      label,
    });
    return { ...prediction, ...('audit' in rest ? rest.audit && { audit } : { audit: audit! }) };
  });
  const shadows = new Map(
    pairs.map(({ challenger }, i) => [audited[i]!.prediction_id, { predicted_class: challenger }]),
  );
  return { audited, shadows };
}

describe('the report of a shadow experiment', () => {
  const experiment = experimentOf('shadow', {
    counts: {
      predictions: { champion: 120, challenger: 100 },
      errors: { champion: 0, challenger: 2 },
      ...{ agreed: 75, differed: 25, dropped: 20 },
    },
  });

  it('judges by the labelled images of the audit sample that both arms ran on', () => {
    const facts = factsOf([
      { number: 1, champion: 'cod', challenger: 'eel', label: 'eel' },
      { number: 2, champion: 'cod', challenger: 'eel', label: 'cod' },
      { number: 3, champion: 'cod', challenger: null, label: 'cod' },
      { number: 4, champion: 'cod', challenger: 'cod', label: 'eel' },
      { number: 5, champion: 'cod', challenger: 'eel' },
      { number: 6, champion: 'cod', challenger: 'eel', label: 'eel', audit: undefined },
    ]);
    const without = auditedPrediction(7, { label: 'cod' });
    const found = report(experiment, { ...facts, audited: [...facts.audited, without] });
    expect(found).toMatchObject({
      ...{ audited: 6, labelled: 4, pairs: { wins: 1, losses: 2 }, agreement: 0.75 },
      evidence: { decides_at: 20, decided: false, leader: 'champion' },
      arms: {
        champion: { predictions: 120, errors: 0, labelled: 4, right: 2 },
        challenger: { predictions: 100, errors: 2, labelled: 4, right: 1 },
      },
      classes: [
        {
          class: 'cod',
          champion: { labelled: 2, right: 2 },
          challenger: { labelled: 2, right: 0 },
        },
        {
          class: 'eel',
          champion: { labelled: 2, right: 0 },
          challenger: { labelled: 2, right: 1 },
        },
      ],
      sample_ratio: null,
      labels: { agree: { images: 1, labelled: 1 }, differ: { images: 4, labelled: 3 } },
    });
    // 2^3 1! 2! / 4!
    expect(found.evidence.ratio).toBeCloseTo(16 / 24, 10);
  });

  it('counts an image once, and only if people agree on it', () => {
    const [first] = factsOf([
      { number: 1, champion: 'cod', challenger: 'eel', label: 'eel' },
    ]).audited;
    const again: LoggedPrediction = { ...auditedPrediction(2), picture: first!.picture! };
    const disputed = auditedPrediction(3, {
      feedback: ['cod', 'eel'].map((name, i) => ({
        ...{ prediction_id: '', class: name, by: `person ${i}`, time: new Date(i) },
      })),
    });
    const shadows = new Map(
      [first!, again, disputed].map((each) => [each.prediction_id, { predicted_class: 'eel' }]),
    );
    const found = report(experiment, { audited: [disputed, again, first!], shadows });
    expect(found).toMatchObject({ audited: 2, labelled: 1, pairs: { wins: 1, losses: 0 } });
  });

  it('is decided for the challenger by eight wins and no loss', () => {
    const wins = Array.from({ length: 8 }, (_, number) => ({
      ...{ number, champion: 'cod', challenger: 'eel', label: 'eel' },
    }));
    expect(report(experiment, factsOf(wins)).evidence).toMatchObject({
      ...{ decided: true, leader: 'challenger' },
    });
  });

  it('is empty without predictions', () => {
    const found = report(experimentOf('shadow'));
    expect(found).toMatchObject({ audited: 0, labelled: 0, agreement: null, classes: [] });
    expect(found.evidence).toMatchObject({ ratio: 1, decided: false, leader: null });
    expect(found.arms.champion).toMatchObject({
      ...{ accuracy: { low: 0, high: 1 }, inference_s: null },
    });
  });
});

describe('the report of a split', () => {
  it('has the evidence of independent arms, their times and the sample ratio', () => {
    const audited = Array.from({ length: 200 }, (_, number) => {
      const arm = number % 2 === 0 ? ('champion' as const) : ('challenger' as const);
      const label = arm === 'champion' && number % 4 === 0 ? 'eel' : 'cod';
      return auditedPrediction(number, { label, experiment: { id: 'x', arm } });
    });
    const found = report(experimentOf('split', { share: 0.5 }), {
      audited,
      keys: { champion: 300, challenger: 100 },
      seconds: { champion: [3, 1, 2], challenger: Array.from({ length: 100 }, (_, i) => i) },
    });
    expect(found).toMatchObject({
      ...{ audited: 200, labelled: 200, pairs: null, labels: null },
      evidence: { decided: true, leader: 'challenger' },
      arms: {
        champion: { labelled: 100, right: 50, inference_s: { median: 2, p95: 3 } },
        challenger: { labelled: 100, right: 100, inference_s: { median: 50, p95: 95 } },
      },
      sample_ratio: { expected: 0.5, plausible: false },
    });
    expect(found.arms.champion.accuracy.high).toBeLessThan(found.arms.challenger.accuracy.low);
  });
});

describe('feedback outside of the audit sample', () => {
  const CLASSES = ['cod', 'eel', 'ray', 'tuna'];
  const EXPERIMENTS = 60;
  /** Share of right and of wrong answers of the served model on which users comment. */
  const COMMENTED = { right: 0.01, wrong: 0.2 };

  /** Whether an experiment of two models that are both right in 90 % of cases is decided. */
  function simulate(seed: number): { readonly byComments: boolean; readonly asReported: boolean } {
    const random = createUniform(seed);
    const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)]!;
    const answer = (label: string) =>
      random() < 0.9 ? label : pick(CLASSES.filter((name) => name !== label));
    const labelled = Array.from({ length: 1500 }, (_, number): Pair[] => {
      const label = pick(CLASSES);
      const champion = answer(label);
      const audit = number % 10 === 0 || undefined;
      const rate = COMMENTED[champion === label ? 'right' : 'wrong'];
      if (!audit && random() >= rate) return [];
      return [{ number, champion, challenger: answer(label), label, audit }];
    }).flat();
    const comments = labelled.filter(({ audit }) => !audit);
    const decides = (pairs: readonly Pair[]) =>
      report(experimentOf('shadow'), factsOf(pairs)).evidence.decided;
    return {
      byComments: decides(comments.map((pair) => ({ ...pair, audit: true }))),
      asReported: decides(labelled),
    };
  }

  it('would decide nearly all experiments of equal models, but judges none', () => {
    const runs = Array.from({ length: EXPERIMENTS }, (_, i) => simulate(i + 1));
    const count = (kind: 'byComments' | 'asReported') => runs.filter((run) => run[kind]).length;
    expect(count('byComments')).toBeGreaterThan(0.9 * EXPERIMENTS);
    expect(count('asReported')).toBeLessThanOrEqual(0.05 * EXPERIMENTS);
  });
});
