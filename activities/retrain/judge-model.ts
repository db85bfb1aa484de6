import {
  type ClassifiedImage,
  isRight,
  scoreClassifier,
} from '../../domain/evaluation/classification.js';
import { pairedInterval } from '../../domain/evaluation/paired-interval.js';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { judge } from '../../domain/retrain/gate.js';
import type { EvaluatedModel, JudgedModel, JudgeModelInput } from '../../domain/retrain/retrain.js';

/** Compares the answers of two models on the same images, and judges the second one. */
export async function judgeModel(
  { objects }: { readonly objects: Pick<ObjectStore, 'get'> },
  { champion, challenger, gate }: JudgeModelInput,
): Promise<JudgedModel> {
  const before = await readAnswers(objects, champion);
  const after = await readAnswers(objects, challenger);
  const wins = before.filter((answer, i) => !isRight(answer) && isRight(after[i]!)).length;
  const losses = before.filter((answer, i) => isRight(answer) && !isRight(after[i]!)).length;
  const comparison = {
    images: before.length,
    champion: { ...scoreClassifier(before), ms_per_image: champion.ms_per_image },
    challenger: { ...scoreClassifier(after), ms_per_image: challenger.ms_per_image },
    difference: pairedInterval({ images: before.length, wins, losses }),
  };
  return { comparison, verdict: judge(comparison, gate) };
}

async function readAnswers(
  objects: Pick<ObjectStore, 'get'>,
  { key }: EvaluatedModel,
): Promise<ClassifiedImage[]> {
  const data = await objects.get(BUCKETS.results, key);
  const lines = data.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ClassifiedImage); // written by `evaluateModel`
}
