import type { LoggedPrediction } from '../result/prediction-log.js';
import {
  type Answers,
  accuracyInterval,
  type Interval,
  logSplitEvidence,
} from './confidence-sequence.js';
import { countLabels, isPair, type LabelCounts } from './disagreements.js';
import { type ArmName, ARMS, type Experiment, type ExperimentCounts } from './experiment.js';
import { type JudgedImage, judgeImages, type Shadows } from './judge-images.js';
import { logPairEvidence, type Pairs } from './pair-evidence.js';
import { type ArmKeys, checkSampleRatio, type SampleRatio } from './sample-ratio.js';

/** Odds to 1 at which an experiment is decided: an error of 5 %. */
const DECIDES_AT = 20;
/** Odds that are reported at most. */
const RATIO_MAX = 1e9;

/** Evidence that the arms have different accuracies. It is valid whenever it is looked at. */
export interface Evidence {
  /** Odds to 1. */
  readonly ratio: number;
  readonly decides_at: number;
  readonly decided: boolean;
  /** Arm with the higher accuracy so far; null if they are equal. */
  readonly leader: ArmName | null;
}

/** Seconds of inference of an arm. */
export interface InferenceTime {
  readonly median: number;
  readonly p95: number;
}

export interface ArmFigures extends Answers {
  readonly predictions: number;
  readonly errors: number;
  /** Interval of the accuracy. */
  readonly accuracy: Interval;
  /** Null before the first prediction. */
  readonly inference_s: InferenceTime | null;
}

/** Labelled images of a class by arm. */
export interface ClassFigures extends Readonly<Record<ArmName, Answers>> {
  readonly class: string;
}

/** Figures of an experiment. */
export interface ExperimentReport {
  readonly evidence: Evidence;
  /** Images of the audit sample, and those of them that people have labelled. */
  readonly audited: number;
  readonly labelled: number;
  /** Labelled images that only one arm gets right; null for a split. */
  readonly pairs: Pairs | null;
  /** Share of the images on which both arms have the same class; null without any. */
  readonly agreement: number | null;
  readonly counts: ExperimentCounts;
  readonly arms: Readonly<Record<ArmName, ArmFigures>>;
  /** Images of the audit sample by whether both arms have the same class; null for a split. */
  readonly labels: Readonly<Record<'agree' | 'differ', LabelCounts>> | null;
  /** By the true class. */
  readonly classes: readonly ClassFigures[];
  /** Null for a shadow experiment, and without predictions. */
  readonly sample_ratio: SampleRatio | null;
}

/** What a report is made of. */
export interface ReportFacts {
  readonly experiment: Experiment;
  /** All predictions of the audit sample. */
  readonly audited: readonly LoggedPrediction[];
  readonly shadows: Shadows;
  /** Distinct keys of each arm. */
  readonly keys: ArmKeys;
  /** Seconds of the newest inferences. */
  readonly seconds: Readonly<Record<ArmName, readonly number[]>>;
}

/** Computes the report of an experiment. */
export function reportExperiment(facts: ReportFacts): ExperimentReport {
  const { experiment, audited, shadows, keys, seconds } = facts;
  const { mode, counts, arms } = experiment;
  const images = judgeImages(audited, shadows);
  // A pair needs both answers; an image of a split has one.
  const judging = mode === 'shadow' ? images.filter(isPair) : images;
  const labelled = judging.filter(({ label }) => label !== undefined);
  const answers = answersByArm(labelled);
  const compared = counts.agreed + counts.differed;
  return {
    evidence: mode === 'shadow' ? pairEvidence(pairsOf(labelled)) : splitEvidence(answers),
    audited: images.length,
    labelled: labelled.length,
    pairs: mode === 'shadow' ? pairsOf(labelled) : null,
    agreement: compared === 0 ? null : counts.agreed / compared,
    counts,
    arms: eachArm((arm) => ({
      ...answers[arm],
      predictions: counts.predictions[arm],
      errors: counts.errors[arm],
      accuracy: accuracyInterval(answers[arm]),
      inference_s: inferenceTimeOf(seconds[arm]),
    })),
    labels: mode === 'shadow' ? countLabels(judging) : null,
    classes: classFigures(labelled),
    sample_ratio:
      mode === 'shadow' || keys.champion + keys.challenger === 0
        ? null
        : checkSampleRatio(keys, arms.challenger.share),
  };
}

function isRight({ label, answers }: JudgedImage, arm: ArmName): boolean {
  return answers[arm] === label;
}

function pairsOf(labelled: readonly JudgedImage[]): Pairs {
  const onlyRight = (arm: ArmName, other: ArmName) =>
    labelled.filter((image) => isRight(image, arm) && !isRight(image, other)).length;
  return {
    wins: onlyRight('challenger', 'champion'),
    losses: onlyRight('champion', 'challenger'),
  };
}

function pairEvidence(pairs: Pairs): Evidence {
  return evidenceOf(logPairEvidence(pairs), pairs.wins - pairs.losses);
}

function splitEvidence({ champion, challenger }: Record<ArmName, Answers>): Evidence {
  const lead = shareOf(challenger) - shareOf(champion);
  return evidenceOf(logSplitEvidence(champion, challenger), lead);
}

/** @param lead positive if the challenger is ahead. */
function evidenceOf(logRatio: number, lead: number): Evidence {
  const ratio = Math.min(RATIO_MAX, Math.exp(logRatio));
  const ahead = lead > 0 ? 'challenger' : 'champion';
  return {
    ...{ ratio, decides_at: DECIDES_AT, decided: ratio >= DECIDES_AT },
    leader: lead === 0 ? null : ahead,
  };
}

function shareOf({ labelled, right }: Answers): number {
  return labelled === 0 ? 0 : right / labelled;
}

function answersByArm(images: readonly JudgedImage[]): Record<ArmName, Answers> {
  return eachArm((arm) => {
    const answered = images.filter(({ answers }) => answers[arm] !== undefined);
    return {
      labelled: answered.length,
      right: answered.filter((image) => isRight(image, arm)).length,
    };
  });
}

function classFigures(labelled: readonly JudgedImage[]): ClassFigures[] {
  const classes = [...new Set(labelled.flatMap(({ label }) => label ?? []))].sort();
  return classes.map((name) => ({
    class: name,
    ...answersByArm(labelled.filter(({ label }) => label === name)),
  }));
}

function inferenceTimeOf(seconds: readonly number[]): InferenceTime | null {
  if (seconds.length === 0) return null;
  const sorted = seconds.toSorted((a, b) => a - b);
  const quantile = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return { median: quantile(0.5), p95: quantile(0.95) };
}

function eachArm<T>(of: (arm: ArmName) => T): Record<ArmName, T> {
  const [champion, challenger] = ARMS;
  return { champion: of(champion), challenger: of(challenger) };
}
