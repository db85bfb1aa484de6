import { setImmediate } from 'node:timers/promises';
import { bootstrapInterval } from '../../domain/evaluation/bootstrap-interval.js';
import { isRight, scoreClassifier } from '../../domain/evaluation/classification.js';
import { rankClasses, scoreDetector } from '../../domain/evaluation/detection.js';
import { pairedInterval } from '../../domain/evaluation/paired-interval.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type Comparison, judge, type ModelScore } from '../../domain/retrain/gate.js';
import type { JudgedModel, JudgeModelInput } from '../../domain/retrain/retrain.js';
import { withHeartbeat } from '../heartbeat.js';
import { readAnswers } from './test-answers.js';

export interface JudgeModelDeps {
  readonly objects: Pick<ObjectStore, 'get'>;
}

/** Scores without the time of an image. */
interface Scores extends Pick<Comparison, 'images' | 'difference'> {
  readonly champion: Omit<ModelScore, 'ms_per_image'>;
  readonly challenger: Omit<ModelScore, 'ms_per_image'>;
}

/** Compares the answers of two models on the same images, and judges the second one. */
export async function judgeModel(
  { objects }: JudgeModelDeps,
  { task, champion, challenger, gate }: JudgeModelInput,
): Promise<JudgedModel> {
  const compare = task === 'detect' ? compareDetectors : compareClassifiers;
  const scores = await withHeartbeat(() => compare(objects, { champion, challenger }));
  const comparison = {
    ...scores,
    champion: { ...scores.champion, ms_per_image: champion.ms_per_image },
    challenger: { ...scores.challenger, ms_per_image: challenger.ms_per_image },
  };
  return { comparison, verdict: judge(comparison, gate) };
}

type Evaluated = Pick<JudgeModelInput, 'champion' | 'challenger'>;

async function compareClassifiers(
  objects: JudgeModelDeps['objects'],
  { champion, challenger }: Evaluated,
): Promise<Scores> {
  const before = await readAnswers<'classify'>(objects, champion);
  const after = await readAnswers<'classify'>(objects, challenger);
  const wins = before.filter((answer, i) => !isRight(answer) && isRight(after[i]!)).length;
  const losses = before.filter((answer, i) => isRight(answer) && !isRight(after[i]!)).length;
  return {
    images: before.length,
    champion: scoreClassifier(before),
    challenger: scoreClassifier(after),
    difference: pairedInterval({ images: before.length, wins, losses }),
  };
}

async function compareDetectors(
  objects: JudgeModelDeps['objects'],
  { champion, challenger }: Evaluated,
): Promise<Scores> {
  const before = await readAnswers<'detect'>(objects, champion);
  const after = await readAnswers<'detect'>(objects, challenger);
  const images = before.length;
  const ranked = { images, before: rankClasses(before), after: rankClasses(after) };
  return {
    images,
    champion: { ...scoreDetector(before), calibration_error: null },
    challenger: { ...scoreDetector(after), calibration_error: null },
    // The worker sends heartbeats in between.
    difference: await bootstrapInterval(ranked, setImmediate),
  };
}
